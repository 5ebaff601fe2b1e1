package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention (Vaswani et al. 2017) with Hugging Face's names: {@code
 * <name>.self.query}, {@code .key}, {@code .value}, {@code <name>.output.dense}.
 */
public record SelfAttention(String name, int width, int heads) {
  private Linear projection(String role) {
    return new Linear(name + role, width, width);
  }

  public void declare(ParameterLayout.Builder layout) {
    projection(".self.query").declare(layout);
    projection(".self.key").declare(layout);
    projection(".self.value").declare(layout);
    projection(".output.dense").declare(layout);
  }

  /**
   * Records the block, without residual and norm.
   *
   * @param x tokens {@code [batch * length, width]}
   * @param length tokens of one sample
   * @param mask added to the scores, {@code [batch, 1, 1, length]}: 0 to see a token, a large
   *     negative number to hide it; null to see all
   */
  public Variable apply(Leaves parameters, Variable x, int length, @Nullable Variable mask) {
    double scale = 1 / Math.sqrt((double) width / heads);
    Variable query = projection(".self.query").apply(parameters, x);
    Variable key = projection(".self.key").apply(parameters, x);
    Variable value = projection(".self.value").apply(parameters, x);
    Variable scores = query.attentionScores(key, heads, length, scale);
    if (mask != null) {
      scores = scores.add(mask);
    }
    return projection(".output.dense").apply(parameters, scores.softmax().attentionMix(value));
  }
}

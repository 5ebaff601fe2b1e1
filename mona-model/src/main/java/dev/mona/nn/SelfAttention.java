package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Multi-head self-attention (Vaswani et al. 2017). */
public record SelfAttention(Names names, int width, int heads) implements Serializable {

  /** What a family of encoders calls the four projections. */
  public record Names(String query, String key, String value, String output)
      implements Serializable {
    /** Those of BERT, Swin and others: {@code <name>.self.query}, {@code <name>.output.dense}. */
    public static Names of(String name) {
      return new Names(
          name + ".self.query", name + ".self.key", name + ".self.value", name + ".output.dense");
    }
  }

  private Linear projection(String name) {
    return new Linear(name, width, width);
  }

  public void declare(ParameterLayout.Builder layout) {
    projection(names.query()).declare(layout, Role.QUERY);
    projection(names.key()).declare(layout, Role.KEY);
    projection(names.value()).declare(layout, Role.VALUE);
    projection(names.output()).declare(layout, Role.ATTENTION_OUTPUT);
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
    Variable query = projection(names.query()).apply(parameters, x);
    Variable key = projection(names.key()).apply(parameters, x);
    Variable value = projection(names.value()).apply(parameters, x);
    Variable scores = query.attentionScores(key, heads, length, scale);
    if (mask != null) {
      scores = scores.add(mask);
    }
    return projection(names.output()).apply(parameters, scores.softmax().attentionMix(value));
  }
}

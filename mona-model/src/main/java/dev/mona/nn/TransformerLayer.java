package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * A post-norm transformer layer as in BERT: attention, residual, norm, GELU feed-forward, residual,
 * norm.
 *
 * @param name prefix of its parameters, e.g. {@code encoder.layer.0}
 * @param width width of a token
 * @param heads attention heads
 * @param inner width of the feed-forward block
 * @param epsilon of the layer norms
 */
public record TransformerLayer(String name, int width, int heads, int inner, double epsilon) {
  private SelfAttention attention() {
    return new SelfAttention(name + ".attention", width, heads);
  }

  private LayerNorm attentionNorm() {
    return new LayerNorm(name + ".attention.output.LayerNorm", width, epsilon);
  }

  private Linear expand() {
    return new Linear(name + ".intermediate.dense", width, inner);
  }

  private Linear contract() {
    return new Linear(name + ".output.dense", inner, width);
  }

  private LayerNorm outputNorm() {
    return new LayerNorm(name + ".output.LayerNorm", width, epsilon);
  }

  public void declare(ParameterLayout.Builder layout) {
    attention().declare(layout);
    attentionNorm().declare(layout);
    expand().declare(layout);
    contract().declare(layout);
    outputNorm().declare(layout);
  }

  /**
   * Records the layer.
   *
   * @param x tokens {@code [batch * length, width]}
   * @param mask as in {@link SelfAttention}
   * @param dropout of what attention and feed-forward add
   * @return tokens of the same shape
   */
  public Variable apply(
      Leaves parameters, Variable x, int length, @Nullable Variable mask, Dropout dropout) {
    Variable attended = attention().apply(parameters, x, length, mask);
    attended = dropout.apply(attentionNorm().name(), attended);
    Variable middle = attentionNorm().apply(parameters, attended.add(x));
    Variable inner = expand().apply(parameters, middle).gelu();
    Variable output = dropout.apply(outputNorm().name(), contract().apply(parameters, inner));
    return outputNorm().apply(parameters, output.add(middle));
  }
}

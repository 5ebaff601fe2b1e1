package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A post-norm transformer layer as in BERT: attention, residual, norm, GELU feed-forward, residual,
 * norm.
 *
 * @param names of its parts
 * @param width width of a token
 * @param heads attention heads
 * @param inner width of the feed-forward block
 * @param epsilon of the layer norms
 */
public record TransformerLayer(Names names, int width, int heads, int inner, double epsilon)
    implements Serializable {

  /**
   * What a family of encoders calls the parts of a layer.
   *
   * @param attention its projections
   * @param attentionNorm the norm after attention
   * @param expand the first half of the feed-forward block
   * @param contract its second half
   * @param outputNorm the norm after it
   */
  public record Names(
      SelfAttention.Names attention,
      String attentionNorm,
      String expand,
      String contract,
      String outputNorm)
      implements Serializable {
    /** Those of BERT, behind a prefix such as {@code encoder.layer.0}. */
    public static Names of(String layer) {
      return new Names(
          SelfAttention.Names.of(layer + ".attention"),
          layer + ".attention.output.LayerNorm",
          layer + ".intermediate.dense",
          layer + ".output.dense",
          layer + ".output.LayerNorm");
    }
  }

  private SelfAttention attention() {
    return new SelfAttention(names.attention(), width, heads);
  }

  private LayerNorm attentionNorm() {
    return new LayerNorm(names.attentionNorm(), width, epsilon);
  }

  private Linear expand() {
    return new Linear(names.expand(), width, inner);
  }

  private Linear contract() {
    return new Linear(names.contract(), inner, width);
  }

  private LayerNorm outputNorm() {
    return new LayerNorm(names.outputNorm(), width, epsilon);
  }

  public void declare(ParameterLayout.Builder layout) {
    attention().declare(layout);
    attentionNorm().declare(layout);
    expand().declare(layout, Role.FEED_FORWARD);
    contract().declare(layout, Role.FEED_FORWARD);
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

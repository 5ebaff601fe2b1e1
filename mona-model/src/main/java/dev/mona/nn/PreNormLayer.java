package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A pre-norm transformer layer as in ViT: norm, attention, residual, norm, GELU feed-forward,
 * residual.
 *
 * @param names of its parts
 * @param width width of a token
 * @param heads attention heads
 * @param inner width of the feed-forward block
 * @param epsilon of the layer norms
 */
public record PreNormLayer(Names names, int width, int heads, int inner, double epsilon)
    implements Serializable {

  /**
   * What a family of encoders calls the parts of a layer.
   *
   * @param norms before attention and feed-forward
   * @param attention its projections
   * @param expand the first half of the feed-forward block
   * @param contract its second half
   * @param scales of what attention and feed-forward add, value by value (layer scale, Touvron et
   *     al., ICCV 2021); null for none
   */
  public record Names(
      Halves norms,
      SelfAttention.Names attention,
      String expand,
      String contract,
      @Nullable Halves scales)
      implements Serializable {}

  /** One name for each half of a layer. */
  public record Halves(String attention, String feedForward) implements Serializable {}

  private SelfAttention attention() {
    return new SelfAttention(names.attention(), width, heads);
  }

  private LayerNorm norm(String name) {
    return new LayerNorm(name, width, epsilon);
  }

  private Linear expand() {
    return new Linear(names.expand(), width, inner);
  }

  private Linear contract() {
    return new Linear(names.contract(), inner, width);
  }

  public void declare(ParameterLayout.Builder layout) {
    norm(names.norms().attention()).declare(layout);
    attention().declare(layout);
    norm(names.norms().feedForward()).declare(layout);
    expand().declare(layout, Role.FEED_FORWARD);
    contract().declare(layout, Role.FEED_FORWARD);
    Halves scales = names.scales();
    if (scales != null) {
      layout
          .add(Role.SCALE, scales.attention(), width)
          .add(Role.SCALE, scales.feedForward(), width);
    }
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
    Halves scales = names.scales();
    Variable normed = norm(names.norms().attention()).apply(parameters, x);
    Variable attended = attention().apply(parameters, normed, length, mask);
    if (scales != null) {
      attended = attended.multiply(parameters.get(scales.attention()));
    }
    Variable middle = x.add(dropout.apply(names.attention().output(), attended));
    normed = norm(names.norms().feedForward()).apply(parameters, middle);
    Variable output = contract().apply(parameters, expand().apply(parameters, normed).gelu());
    if (scales != null) {
      output = output.multiply(parameters.get(scales.feedForward()));
    }
    return middle.add(dropout.apply(names.contract(), output));
  }
}

package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.PreNormLayer;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack of pre-norm layers and a layer norm: the encoder of ViT (Dosovitskiy et al., ICLR 2021),
 * DeiT (Touvron et al., ICML 2021) and DINOv2 (Oquab et al., TMLR 2024) behind their embeddings.
 * Tokens before the map are encoded among the others.
 *
 * @param layers at least one, all of the same width
 * @param norm name of the last layer norm
 */
public record PreNormTransformer(List<PreNormLayer> layers, String norm) implements Backbone {
  public PreNormTransformer {
    layers = List.copyOf(layers);
  }

  private LayerNorm last() {
    return new LayerNorm(norm, width(), layers.get(0).epsilon());
  }

  @Override
  public int width() {
    return layers.get(0).width();
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    layers.forEach(layer -> layer.declare(layout.nextLayer()));
    last().declare(layout);
    return layout.build();
  }

  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    Variable x = tokens.values();
    for (PreNormLayer layer : layers) {
      x = layer.apply(parameters, x, tokens.size(), mask, dropout);
    }
    return tokens.with(last().apply(parameters, x));
  }
}

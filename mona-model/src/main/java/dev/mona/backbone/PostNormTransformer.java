package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.TransformerLayer;
import dev.mona.tensor.ParameterLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack of post-norm layers: the encoder of BERT (Devlin et al. 2019) and RoBERTa (Liu et al.
 * 2019) behind their embeddings.
 *
 * @param layers at least one, all of the same width
 */
public record PostNormTransformer(List<TransformerLayer> layers) implements Backbone {
  public PostNormTransformer {
    layers = List.copyOf(layers);
  }

  @Override
  public int width() {
    return layers.get(0).width();
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    layers.forEach(layer -> layer.declare(layout.nextLayer()));
    return layout.build();
  }

  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    Variable x = tokens.values();
    for (TransformerLayer layer : layers) {
      x = layer.apply(parameters, x, tokens.size(), mask, dropout);
    }
    return tokens.with(x);
  }
}

package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.TransformerLayer;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.TextEncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of BERT (Devlin et al. 2019) and RoBERTa (Liu et al. 2019) behind their embeddings.
 * The two differ in their embeddings only: see {@link dev.mona.embedder.SourceEmbedder}.
 */
public record TextEncoder(TextEncoderConfig config) implements Backbone {
  private TransformerLayer layer(int i) {
    return new TransformerLayer(
        "encoder.layer." + i,
        config.hiddenWidth(),
        config.heads(),
        config.feedForwardWidth(),
        config.layerNormEpsilon());
  }

  @Override
  public int inputWidth() {
    return config.hiddenWidth();
  }

  @Override
  public int width() {
    return config.hiddenWidth();
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    for (int i = 0; i < config.layers(); i++) {
      layer(i).declare(layout);
    }
    return layout.build();
  }

  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    Variable x = tokens.values();
    for (int i = 0; i < config.layers(); i++) {
      x = layer(i).apply(parameters, x, tokens.size(), mask, dropout);
    }
    return tokens.with(x);
  }
}

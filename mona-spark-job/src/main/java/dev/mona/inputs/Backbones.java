package dev.mona.inputs;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.backbone.Backbone;
import dev.mona.config.BackboneConfig;
import dev.mona.config.SourceConfig;
import dev.mona.corpus.TextTokenizer;
import dev.mona.weights.EncoderCheckpoint;
import dev.mona.weights.EncoderConfig;
import dev.mona.weights.HieraConfig;
import dev.mona.weights.MiniLm;
import dev.mona.weights.SwinConfig;
import dev.mona.weights.TextEncoderConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** The pretrained encoder that a configuration names, and its tokenizer. */
final class Backbones {
  private static final String TOKENIZER = "tokenizer.json";

  private Backbones() {}

  static EncoderCheckpoint open(BackboneConfig config, Configuration hadoop) {
    try {
      return config.bundled()
          ? MiniLm.open()
          : EncoderCheckpoint.open(HadoopFolder.of(config.weights(), hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(config.weights(), e);
    }
  }

  /** The shape of an encoder with what the configuration says about images. */
  static Backbone shape(BackboneConfig config, EncoderConfig encoder) {
    EncoderConfig sized = encoder;
    if (config.imageSize() > 0) {
      if (encoder instanceof SwinConfig swin) {
        sized = swin.withImageSize(config.imageSize());
      } else if (encoder instanceof HieraConfig hiera) {
        sized = hiera.withImageSize(config.imageSize());
      } else {
        throw MonaException.configuration(
            String.format(
                Locale.ROOT,
                "backbone.image-size is %d and %s is an encoder of text: remove it",
                config.imageSize(),
                config.weights()));
      }
    }
    return Backbone.of(sized, config.window());
  }

  static TextTokenizer tokenizer(
      BackboneConfig config, Configuration hadoop, TextEncoderConfig encoder, SourceConfig source) {
    int tokens = Math.min(source.maxTokens(), encoder.maxTokens());
    int vocabulary = encoder.vocabularySize();
    try {
      if (config.bundled()) {
        try (InputStream in = MiniLm.tokenizer()) {
          return TextTokenizer.open(
              in, vocabulary, tokens, source.tokenizer(), "tokenizer of " + config.weights());
        }
      }
      HadoopFolder folder = HadoopFolder.of(config.weights(), hadoop);
      if (!folder.has(TOKENIZER)) {
        throw MonaException.weights(
            config.weights()
                + " holds no "
                + TOKENIZER
                + ": add the one that belongs to the model");
      }
      try (InputStream in = folder.open(TOKENIZER)) {
        return TextTokenizer.open(
            in, vocabulary, tokens, source.tokenizer(), config.weights() + "/" + TOKENIZER);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(config.weights(), e);
    }
  }

  private static MonaException unreadable(String weights, Exception e) {
    return new MonaException(
        MonaException.Category.WEIGHTS,
        "backbone.weights %s cannot be read (%s): check the path and its permissions"
            .formatted(weights, Reason.of(e)),
        e);
  }
}

package dev.mona.inputs;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.config.BackboneConfig;
import dev.mona.config.SourceConfig;
import dev.mona.corpus.TextTokenizer;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ImageEncoder;
import dev.mona.encoder.MiniLm;
import dev.mona.encoder.TextEncoder;
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
  static Encoder shape(BackboneConfig config, Encoder encoder) {
    Encoder fitted = encoder.with(config.window());
    if (config.imageSize() == 0) {
      return fitted;
    }
    if (fitted instanceof ImageEncoder images) {
      return images.withImageSize(config.imageSize());
    }
    throw MonaException.configuration(
        String.format(
            Locale.ROOT,
            "backbone.image-size is %d and %s is an encoder of text: remove it",
            config.imageSize(),
            config.weights()));
  }

  static TextTokenizer tokenizer(
      BackboneConfig config, Configuration hadoop, TextEncoder encoder, SourceConfig source) {
    int tokens = Math.min(source.maxTokens(), encoder.tables().maxTokens());
    int vocabulary = encoder.tables().vocabulary();
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

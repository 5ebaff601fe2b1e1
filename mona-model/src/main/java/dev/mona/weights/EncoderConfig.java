package dev.mona.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;

/** Shape of a pretrained encoder, as its {@code config.json} tells it. */
public sealed interface EncoderConfig extends Serializable
    permits TextEncoderConfig, SwinConfig, HieraConfig {

  /**
   * Reads a config.json; its {@code model_type} says of which family.
   *
   * @param in the file; not closed
   * @param where name of the file for messages
   * @throws dev.mona.MonaException of the category {@code WEIGHTS} when it is not that of a
   *     supported encoder
   */
  static EncoderConfig read(InputStream in, String where) throws IOException {
    return ConfigJson.read(in, where);
  }

  /** Writes a config.json that {@link #read} understands; same config, same bytes. */
  void write(OutputStream out) throws IOException;

  /** Added to the variance in every layer norm. */
  double layerNormEpsilon();

  /** The tensors of its checkpoints. */
  EncoderNames names();
}

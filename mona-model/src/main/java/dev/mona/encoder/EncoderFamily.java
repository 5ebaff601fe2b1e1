package dev.mona.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A family of pretrained encoders: how its config.json is read.
 *
 * @param modelTypes the values of {@code model_type} in its config.json
 * @param reader reads a config.json of one of these; what is missing or not supported is noted in
 *     {@link ConfigJson}, and the encoder is asked for only where nothing is. Sizes that are
 *     refused end in an IllegalArgumentException
 */
public record EncoderFamily(
    List<String> modelTypes, Function<ConfigJson, Supplier<? extends Encoder>> reader) {
  public EncoderFamily {
    modelTypes = List.copyOf(modelTypes);
  }

  /** All families. */
  static List<EncoderFamily> all() {
    return List.of(Bert.FAMILY, DistilBert.FAMILY, Swin.FAMILY, Hiera.FAMILY, Vit.FAMILY);
  }

  /**
   * The encoder of a config.json; its {@code model_type} says of which family.
   *
   * @param in the file; not closed
   * @param where name of the file for messages
   * @throws dev.mona.MonaException of the category {@code WEIGHTS} when it is not that of a
   *     supported encoder
   */
  public static Encoder read(InputStream in, String where) throws IOException {
    return ConfigJson.read(in, where).encoder(where);
  }
}

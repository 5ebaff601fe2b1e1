package dev.mona.weights;

import java.util.Map;

/**
 * How checkpoints of an encoder name its tensors. A canonical name carries no prefix of the model
 * around the encoder; linear weights are {@code [out, in]}.
 */
public sealed interface EncoderNames permits TextEncoderNames, SwinNames, HieraNames {
  /** Canonical name and shape of every tensor, embedding first, then block by block. */
  Map<String, long[]> expected();

  /** The canonical form of a name in a file. */
  String canonical(String name);

  /**
   * Whether a canonical name that is not expected lies inside the encoder and so tells of another
   * architecture. Heads and buffers that MoNA has no use for do not.
   */
  boolean isAlien(String canonical);

  /** The name without the first of the prefixes that it carries. */
  static String without(String name, String... prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }
}

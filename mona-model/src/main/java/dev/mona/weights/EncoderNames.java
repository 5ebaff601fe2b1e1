package dev.mona.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How checkpoints of an encoder name its tensors. A canonical name carries no prefix of a wrapper
 * or of the model around the encoder; linear weights are {@code [out, in]}.
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

  /**
   * Prefixes that programs put before the names of a model which they wrap: data parallelism,
   * {@code torch.compile}, sharding, Lightning, Sentence-Transformers, adapters.
   */
  List<String> WRAPPERS =
      List.of(
          "module.",
          "_orig_mod.",
          "_forward_module.",
          "_fsdp_wrapped_module.",
          "0.auto_model.",
          "auto_model.",
          "base_model.",
          "model.");

  /**
   * A name without the prefixes of wrappers and of a model, in any order and number: {@code
   * module._orig_mod.bert.pooler} is {@code pooler}.
   *
   * @param prefixes those of the family's models
   */
  static String without(String name, String... prefixes) {
    List<String> known = Stream.concat(WRAPPERS.stream(), Stream.of(prefixes)).toList();
    String rest = name;
    Optional<String> found = carried(rest, known);
    while (found.isPresent()) {
      rest = rest.substring(found.get().length());
      found = carried(rest, known);
    }
    return rest;
  }

  private static Optional<String> carried(String name, List<String> prefixes) {
    return prefixes.stream().filter(name::startsWith).findFirst();
  }
}

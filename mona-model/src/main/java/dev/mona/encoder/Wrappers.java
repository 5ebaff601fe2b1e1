package dev.mona.encoder;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prefixes that programs put before the names of a model which they wrap: data parallelism, {@code
 * torch.compile}, sharding, Lightning, Sentence-Transformers, adapters.
 */
final class Wrappers {
  private static final List<String> KNOWN =
      List.of(
          "module.",
          "_orig_mod.",
          "_forward_module.",
          "_fsdp_wrapped_module.",
          "0.auto_model.",
          "auto_model.",
          "base_model.",
          "model.");

  private Wrappers() {}

  /**
   * A name without the prefixes of wrappers and of models, in any order and number: {@code
   * module._orig_mod.bert.pooler} is {@code pooler}.
   *
   * @param models prefixes of the family's models
   */
  static String without(String name, List<String> models) {
    List<String> known = Stream.concat(KNOWN.stream(), models.stream()).toList();
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

package dev.mona.benchmark;

import dev.mona.compute.Precision;
import java.util.Arrays;
import java.util.List;

/**
 * A peer of the comparison.
 *
 * @param library what computes
 * @param precision of its products of matrices
 */
record PeerId(Library library, Precision precision) {

  /** What computes; the id is what settings and peers name it by. */
  enum Library {
    /** This project on its libtorch engine. */
    TORCH("torch", "MoNA on libtorch"),
    /** This project on its ND4J engine. */
    ND4J("nd4j", "MoNA on ND4J"),
    /** PyTorch, operation by operation. */
    EAGER("eager", "PyTorch eager"),
    /** PyTorch after torch.compile. */
    COMPILED("compiled", "PyTorch compiled");

    private final String id;
    private final String title;

    Library(String id, String title) {
      this.id = id;
      this.title = title;
    }

    String id() {
      return id;
    }

    /** Whether it runs under Python. */
    boolean python() {
      return this == EAGER || this == COMPILED;
    }
  }

  /** All peers: ND4J computes in float32 only. */
  static List<PeerId> all() {
    return List.of(
        new PeerId(Library.TORCH, Precision.FLOAT32),
        new PeerId(Library.ND4J, Precision.FLOAT32),
        new PeerId(Library.EAGER, Precision.FLOAT32),
        new PeerId(Library.COMPILED, Precision.FLOAT32),
        new PeerId(Library.TORCH, Precision.BF16),
        new PeerId(Library.EAGER, Precision.BF16),
        new PeerId(Library.COMPILED, Precision.BF16));
  }

  /** Reads {@code torch:bf16}. */
  static PeerId of(String text) {
    int colon = text.indexOf(':');
    return Arrays.stream(Library.values())
        .filter(library -> colon > 0 && library.id.equals(text.substring(0, colon)))
        .findFirst()
        .map(library -> new PeerId(library, Precision.of(text.substring(colon + 1))))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    text + " is no peer: name torch, nd4j, eager or compiled, as in torch:bf16"));
  }

  /** In words. */
  String title() {
    return library.title + ", " + precision.id();
  }
}

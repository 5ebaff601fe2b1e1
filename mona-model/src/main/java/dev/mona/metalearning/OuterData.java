package dev.mona.metalearning;

import java.io.Serializable;

/** What the outer objective is taken on. */
public sealed interface OuterData extends Serializable {

  /**
   * Source batches.
   *
   * @param batches of a step, whose mean gradient is v: 1, or an even number, so that its halves
   *     can be compared
   */
  record Source(int batches) implements OuterData {
    public Source {
      if (batches < 1 || (batches > 1 && batches % 2 == 1)) {
        throw new IllegalArgumentException(
            "source batches are " + batches + ", must be 1 or an even number");
      }
    }
  }

  /** A target batch that no virtual step of the meta-step has seen. */
  record HeldOut() implements OuterData {}
}

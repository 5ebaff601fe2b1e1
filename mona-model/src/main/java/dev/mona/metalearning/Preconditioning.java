package dev.mona.metalearning;

import java.io.Serializable;
import java.util.Locale;

/**
 * Constants of Adam's diagonal in the virtual step, {@link Preconditioner}.
 *
 * @param decay of the running mean of squared gradients, in [0, 1): beta2 of Adam
 * @param epsilon added to its root
 */
public record Preconditioning(double decay, double epsilon) implements Serializable {
  public Preconditioning {
    if (!(decay >= 0 && decay < 1) || !(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the decay of the diagonal is %s, must be in [0, 1), and its epsilon %s, must be > 0",
              decay,
              epsilon));
    }
  }
}

package dev.mona.nn;

import dev.mona.autodiff.Variable;

/**
 * The low-rank change of a projection: {@code scale B A} is added to its weight, without ever being
 * formed (Hu et al., ICLR 2022, equation 3).
 *
 * @param down A, {@code [rank, inputs]}
 * @param up B, {@code [outputs, rank]}
 * @param scale of the change
 */
public record LowRank(Variable down, Variable up, double scale) {

  /** What it adds to the outputs: {@code [n, inputs]} to {@code [n, outputs]}. */
  Variable apply(Variable x) {
    return lowered(x).matmul(up, false, true);
  }

  /** The same of the outputs {@code from .. to - 1}. */
  Variable apply(Variable x, long from, long to) {
    return lowered(x).matmul(up.rowRange(from, to), false, true);
  }

  /** {@code [n, rank]}, where a factor costs least. */
  private Variable lowered(Variable x) {
    return x.matmul(down, false, true).scale(scale);
  }
}

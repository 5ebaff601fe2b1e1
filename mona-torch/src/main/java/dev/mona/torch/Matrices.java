package dev.mona.torch;

import dev.mona.compute.Heads;
import org.bytedeco.pytorch.Tensor;

/**
 * Matrices {@code [count, rows, columns]}: an array with all axes but the last two as one, or
 * tokens by head, which are strided.
 *
 * @param array holds them
 * @param layout {@code [count, rows, columns]}, or {@code [batch, heads, length, columns]} of
 *     tokens
 */
record Matrices(TorchArray array, Layout layout) {
  /** Of an array of two or more axes. */
  static Matrices of(TorchArray array) {
    long rows = array.size(-2);
    long columns = array.size(-1);
    long count = rows * columns == 0 ? 1 : array.length() / (rows * columns);
    return new Matrices(array, array.layout(count, rows, columns));
  }

  static Matrices of(Heads heads) {
    TorchArray array = TorchArray.of(heads.array());
    if (!heads.tokens()) {
      return of(array);
    }
    long batch = array.size(0) / heads.length();
    long width = array.size(1) / heads.heads();
    return new Matrices(
        array, array.layout(batch, heads.length(), heads.heads(), width).permuted(0, 2, 1, 3));
  }

  /** Whether they do not lie one after the other. */
  boolean strided() {
    return layout.sizes().length == 4;
  }

  long length() {
    return layout.length();
  }

  long rows() {
    return layout.sizes()[layout.sizes().length - 2];
  }

  long columns() {
    return layout.sizes()[layout.sizes().length - 1];
  }

  long count() {
    return length() == 0 ? 1 : length() / (rows() * columns());
  }

  /** As matrices one after the other from the beginning of some memory on; one has two axes. */
  Layout contiguous(boolean transposed) {
    Layout matrices =
        count() == 1
            ? Layout.rowMajor(0, rows(), columns())
            : Layout.rowMajor(0, count(), rows(), columns());
    return transposed ? matrices.transposed() : matrices;
  }

  /** The matrices where they are; not strided. */
  Tensor tensor() {
    return array.tensor(contiguous(false).from(layout.offset()));
  }

  /** What to copy for matrices one after the other. */
  Layout source() {
    return strided() ? layout : array.layout(length());
  }

  /** As contiguous memory in the order of the axes of {@link #layout}. */
  Layout copy() {
    return Layout.rowMajor(0, layout.sizes());
  }
}

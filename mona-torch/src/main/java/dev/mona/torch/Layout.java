package dev.mona.torch;

import java.util.Arrays;

/** Sizes, strides and offset of a tensor over the elements of a root, in elements. */
final class Layout {
  private final long[] sizes;
  private final long[] strides;
  private final long offset;
  private final int hash;

  private Layout(long offset, long[] sizes, long[] strides) {
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
    hash = 31 * (31 * Arrays.hashCode(sizes) + Arrays.hashCode(strides)) + Long.hashCode(offset);
  }

  static Layout rowMajor(long offset, long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, sizes[axis]);
    }
    return new Layout(offset, sizes, strides);
  }

  /** Axes in a new order. */
  Layout permuted(int... axes) {
    long[] newSizes = new long[axes.length];
    long[] newStrides = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      newSizes[i] = sizes[axes[i]];
      newStrides[i] = strides[axes[i]];
    }
    return new Layout(offset, newSizes, newStrides);
  }

  /** The same from another offset on. */
  Layout from(long start) {
    return new Layout(start, sizes, strides);
  }

  /** The last two axes exchanged. */
  Layout transposed() {
    int[] axes = new int[sizes.length];
    Arrays.setAll(axes, axis -> axis);
    axes[axes.length - 1] = axes.length - 2;
    axes[axes.length - 2] = axes.length - 1;
    return permuted(axes);
  }

  long[] sizes() {
    return sizes;
  }

  long[] strides() {
    return strides;
  }

  long offset() {
    return offset;
  }

  long length() {
    long n = 1;
    for (long size : sizes) {
      n *= size;
    }
    return n;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that
        && offset == that.offset
        && Arrays.equals(sizes, that.sizes)
        && Arrays.equals(strides, that.strides);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

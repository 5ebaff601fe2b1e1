package dev.mona.benchmark.libtorch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Maps of tokens {@code [batch, side, side, width]} and their square windows. */
final class Maps {
  private static final long[] HALF = {2, 2};

  private Maps() {}

  /** {@code [batch windows, window^2, width]}; the window divides the side. */
  static Tensor windows(Tensor map, long window) {
    long side = map.size(1) / window;
    return map.view(map.size(0), side, window, side, window, map.size(3))
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(-1, window * window, map.size(3));
  }

  /** What {@link #windows} has cut. */
  static Tensor map(Tensor windows, long window, long batch, long side) {
    long along = side / window;
    return windows
        .reshape(batch, along, along, window, window, windows.size(-1))
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(batch, side, side, windows.size(-1));
  }

  /** {@code [batch, n, width]} to {@code [batch, heads, n, width / heads]}. */
  static Tensor heads(Tensor x, long heads) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  /** The inverse of {@link #heads}. */
  static Tensor joined(Tensor x) {
    return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
  }

  /** The largest value of each 2 x 2 tokens. */
  static Tensor pooled(Tensor map) {
    return torch
        .max_pool2d(
            map.permute(0, 3, 1, 2), HALF, HALF, new long[] {0, 0}, new long[] {1, 1}, false)
        .permute(0, 2, 3, 1);
  }
}

package dev.mona.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One buffer of an {@link Arena} with the views of it that were asked for. Each view holds native
 * memory that only the garbage collector hands back, so a view is made once and kept.
 */
final class Buffer {
  private final INDArray root;
  private final long address;
  private final List<INDArray> views = new ArrayList<>();
  private final List<INDArray> headViews = new ArrayList<>();

  Buffer(INDArray root) {
    this.root = root;
    this.address = root.data().address();
  }

  long address() {
    return address;
  }

  /** Elements. */
  long capacity() {
    return root.length();
  }

  /** The first {@code n} elements, row-major. */
  INDArray view(long n, long... shape) {
    INDArray view = find(views, shape);
    if (view == null) {
      INDArray part = n == root.length() ? root : root.get(NDArrayIndex.interval(0, n));
      view = part.reshape('c', shape);
      views.add(view);
    }
    return view;
  }

  /** The first elements as tokens {@code [batch, heads, length, width / heads]}. */
  INDArray byHead(INDArray tokens, int heads, int length) {
    long[] shape = {
      tokens.size(0) / length, heads, length, tokens.size(1) / heads,
    };
    INDArray view = find(headViews, shape);
    if (view == null) {
      view = splitHeads(tokens, heads, length);
      headViews.add(view);
    }
    return view;
  }

  /** {@code [batch * length, width]} seen as {@code [batch, heads, length, width / heads]}. */
  static INDArray splitHeads(INDArray tokens, int heads, int length) {
    return tokens
        .reshape('c', tokens.size(0) / length, length, heads, tokens.size(1) / heads)
        .permute(0, 2, 1, 3);
  }

  private static @Nullable INDArray find(List<INDArray> among, long... shape) {
    for (INDArray view : among) {
      if (Arrays.equals(view.shape(), shape)) {
        return view;
      }
    }
    return null;
  }

  void close() {
    views.clear();
    headViews.clear();
    root.close();
  }
}

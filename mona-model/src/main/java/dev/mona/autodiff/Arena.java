package dev.mona.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Buffers that are handed out, handed back and never freed: a fresh 10 MB array costs page faults
 * for 30 ms, an element-wise operation on it half a millisecond. After the first step of a given
 * shape no step allocates. Used by one thread at a time.
 */
public final class Arena implements AutoCloseable {
  private final DataType type;
  private final Map<Long, ArrayDeque<INDArray>> free = new HashMap<>();
  private final Map<Long, INDArray> taken = new HashMap<>();
  private final List<INDArray> roots = new ArrayList<>();
  private final Map<Long, INDArray> ones = new HashMap<>();
  private long allocated;

  public Arena(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

  /** An array with undefined contents, row-major; valid until released or reset. */
  INDArray take(long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    long capacity = capacity(n);
    INDArray root = pool(capacity).poll();
    if (root == null) {
      root = Nd4j.createUninitializedDetached(type, capacity);
      roots.add(root);
      allocated += capacity;
    }
    taken.put(root.data().address(), root);
    INDArray part = n == capacity ? root : root.get(NDArrayIndex.interval(0, n));
    return part.reshape('c', shape);
  }

  /** A row of ones, {@code [1, n]}, kept for good. */
  INDArray ones(long n) {
    INDArray row = ones.get(n);
    if (row == null) {
      row = Nd4j.ones(type, 1, n);
      ones.put(n, row);
      allocated += n;
    }
    return row;
  }

  /** Hands back an array of {@link #take}, or a reshaped view of it. Others are ignored. */
  void release(INDArray array) {
    INDArray root = taken.remove(array.data().address());
    if (root != null) {
      pool(root.length()).push(root);
    }
  }

  /** Hands back everything. */
  void reset() {
    for (INDArray root : roots) {
      if (taken.remove(root.data().address()) != null) {
        pool(root.length()).push(root);
      }
    }
  }

  private ArrayDeque<INDArray> pool(long capacity) {
    return free.computeIfAbsent(capacity, c -> new ArrayDeque<>());
  }

  /** Elements allocated so far: constant once warm. */
  public long allocated() {
    return allocated;
  }

  /** Rounds up to one of eight sizes per power of two, so that near sizes share buffers. */
  private static long capacity(long n) {
    if (n <= 64) {
      return 64;
    }
    long step = Long.highestOneBit(n) >> 3;
    return (n + step - 1) / step * step;
  }

  @Override
  public void close() {
    for (INDArray root : roots) {
      root.close();
    }
    ones.values().forEach(INDArray::close);
    ones.clear();
    roots.clear();
    free.clear();
    taken.clear();
  }
}

package dev.mona.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Buffers that are handed out, handed back and never freed: a fresh 10 MB array costs page faults
 * for 30 ms, an element-wise operation on it half a millisecond. After the first step of a given
 * shape no step allocates. Used by one thread at a time.
 */
public final class Arena implements AutoCloseable {
  private final DataType type;
  private final Map<Long, ArrayDeque<Buffer>> free = new HashMap<>();
  private final Map<Long, Buffer> taken = new HashMap<>();
  private final List<Buffer> buffers = new ArrayList<>();
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
    Buffer buffer = pool(capacity).poll();
    if (buffer == null) {
      buffer = new Buffer(Nd4j.createUninitializedDetached(type, capacity));
      buffers.add(buffer);
      allocated += capacity;
    }
    taken.put(buffer.address(), buffer);
    return buffer.view(n, shape);
  }

  /** The same elements in another shape; an array that is no buffer of the arena is welcome. */
  INDArray reshape(INDArray array, long... shape) {
    if (Arrays.equals(array.shape(), shape)) {
      return array;
    }
    Buffer buffer = taken.get(array.data().address());
    return buffer == null ? array.reshape('c', shape) : buffer.view(array.length(), shape);
  }

  /** {@code [batch * length, width]} seen as {@code [batch, heads, length, width / heads]}. */
  INDArray byHead(INDArray tokens, int heads, int length) {
    Buffer buffer = taken.get(tokens.data().address());
    return buffer == null
        ? Buffer.splitHeads(tokens, heads, length)
        : buffer.byHead(tokens, heads, length);
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
    Buffer buffer = taken.remove(array.data().address());
    if (buffer != null) {
      pool(buffer.capacity()).push(buffer);
    }
  }

  /** Hands back everything. */
  void reset() {
    for (Buffer buffer : buffers) {
      if (taken.remove(buffer.address()) != null) {
        pool(buffer.capacity()).push(buffer);
      }
    }
  }

  private ArrayDeque<Buffer> pool(long capacity) {
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
    buffers.forEach(Buffer::close);
    ones.values().forEach(INDArray::close);
    ones.clear();
    buffers.clear();
    free.clear();
    taken.clear();
  }
}

package dev.mona.compute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Buffers that are handed out, handed back and never freed: a fresh 10 MB array costs page faults
 * for 30 ms on the CPU and a wait on a GPU, an element-wise operation on it half a millisecond.
 * After the first step of a given shape no step allocates. Used by one thread at a time.
 */
public final class Arena implements AutoCloseable {
  private final Device device;
  private final Kernels kernels;
  private final Map<Long, ArrayDeque<Array>> free = new HashMap<>();
  private final Set<Array> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Array> buffers = new ArrayList<>();
  private final Map<Long, Array> ones = new HashMap<>();
  private long allocated;

  public Arena(Device device) {
    this.device = device;
    kernels = device.kernels(this);
  }

  public Device device() {
    return device;
  }

  /** The primitives, which take their memory here. */
  public Kernels kernels() {
    return kernels;
  }

  /** An array with undefined contents; valid until released or reset. */
  public Array take(long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    long capacity = capacity(n);
    Array buffer = pool(capacity).poll();
    if (buffer == null) {
      buffer = device.allocate(capacity);
      buffers.add(buffer);
      allocated += capacity;
    }
    taken.add(buffer);
    return buffer.view(0, shape);
  }

  /** A row of ones, {@code [1, n]}, kept for good. */
  public Array ones(long n) {
    Array row = ones.get(n);
    if (row == null) {
      row = device.allocate(1, n);
      kernels.fill(row, 1);
      ones.put(n, row);
      allocated += n;
    }
    return row;
  }

  /** Hands back an array of {@link #take}, or a view of it. Others are ignored. */
  public void release(Array array) {
    Array buffer = array.root();
    if (taken.remove(buffer)) {
      pool(buffer.length()).push(buffer);
    }
  }

  /** Hands back everything. */
  public void reset() {
    for (Array buffer : buffers) {
      if (taken.remove(buffer)) {
        pool(buffer.length()).push(buffer);
      }
    }
  }

  private ArrayDeque<Array> pool(long capacity) {
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
    buffers.forEach(Array::close);
    ones.values().forEach(Array::close);
    ones.clear();
    buffers.clear();
    free.clear();
    taken.clear();
  }
}

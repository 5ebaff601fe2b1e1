package dev.mona.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The elements of a root and the tensors over them. Each tensor is made once and kept, as making
 * one costs more than a small operation. Freed when the root is closed, or else when nothing refers
 * to its arrays any more.
 */
final class Memory implements Runnable {
  private final Tensor elements;
  private final long bytes;
  private final AtomicLong used;
  private final Map<Layout, Tensor> tensors = new ConcurrentHashMap<>();
  private final Map<ScalarType, Memory> others = new ConcurrentHashMap<>();
  private final List<Memory> copies = new ArrayList<>();

  /**
   * Takes over a tensor.
   *
   * @param elements one axis
   * @param bytes of its elements, which are counted in {@code used} already
   */
  Memory(Tensor elements, long bytes, AtomicLong used) {
    this.elements = elements;
    this.bytes = bytes;
    this.used = used;
  }

  /** The elements in a layout. */
  Tensor tensor(Layout layout) {
    return tensors.computeIfAbsent(layout, key -> strided(elements, key));
  }

  static Tensor strided(Tensor elements, Layout layout) {
    try (LongOptional offset = new LongOptional(layout.offset())) {
      return elements.as_strided(layout.sizes(), layout.strides(), offset);
    }
  }

  /** The same bytes as elements of another type. */
  Memory as(ScalarType type) {
    return others.computeIfAbsent(type, key -> new Memory(elements.view(key), 0, used));
  }

  /** A copy of some of the elements, which is freed with them. */
  synchronized void keep(Memory copy) {
    copies.add(copy);
  }

  /** Frees everything. */
  @Override
  public synchronized void run() {
    copies.forEach(Memory::run);
    copies.clear();
    tensors.values().forEach(Tensor::close);
    tensors.clear();
    others.values().forEach(Memory::run);
    others.clear();
    elements.close();
    used.addAndGet(-bytes);
  }
}

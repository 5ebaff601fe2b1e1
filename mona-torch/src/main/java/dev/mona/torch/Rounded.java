package dev.mona.torch;

import org.jspecify.annotations.Nullable;

/**
 * A copy in bfloat16 of elements in some layout, contiguous in the order of its axes. It is made
 * anew when the root has been written since: parameters and activations are rounded once a step,
 * however many products they are a factor of.
 */
final class Rounded {
  private final TorchDevice device;
  private final Memory memory;
  private final Layout source;
  private long version = -1;

  /** Whose queue makes the copy; null once it is known to be there. */
  private @Nullable Thread maker;

  Rounded(TorchDevice device, Memory memory, Layout source) {
    this.device = device;
    this.memory = memory;
    this.source = source;
  }

  /**
   * The copy, up to date.
   *
   * @param from memory of the elements
   * @param written how often their root has been written
   */
  synchronized Memory of(Memory from, long written) {
    Thread current = Thread.currentThread();
    if (version != written) {
      memory.tensor(Layout.rowMajor(0, source.sizes())).copy_(from.tensor(source));
      device.called();
      version = written;
      maker = current;
    } else if (maker != null && maker != current) {
      device.place().awaitAll();
      maker = null;
    }
    return memory;
  }
}

package dev.mona.compute;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays on the heap for the use of one place in the code: each thread has its own and uses them
 * again in its next step, so that a warm step allocates none.
 */
public final class HostScratch {
  private final ThreadLocal<List<float[]>> memory = ThreadLocal.withInitial(ArrayList::new);

  /**
   * An array of the calling thread, at least so long and with undefined contents; the next call for
   * the slot gives it again.
   *
   * @param slot from 0 on; arrays of different slots are different
   */
  public float[] atLeast(int slot, int length) {
    List<float[]> arrays = memory.get();
    while (arrays.size() <= slot) {
      arrays.add(new float[length]);
    }
    if (arrays.get(slot).length < length) {
      arrays.set(slot, new float[length]);
    }
    return arrays.get(slot);
  }
}

package dev.mona.tensor;

/**
 * An array on the heap for the use of one place in the code: each thread has its own and uses it
 * again in its next step, so that a warm step allocates none.
 */
public final class HostScratch {
  private final ThreadLocal<float[]> memory = ThreadLocal.withInitial(() -> new float[0]);

  /** The array of the calling thread, at least so long and with undefined contents. */
  public float[] atLeast(int length) {
    float[] array = memory.get();
    if (array.length < length) {
      array = new float[length];
      memory.set(array);
    }
    return array;
  }
}

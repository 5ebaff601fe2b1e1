package dev.mona.device;

/** The device that a run says it needs. */
public enum WantedDevice {
  /** Whatever the backend on the class path uses. */
  AUTO,
  /** The CPU; the CUDA backend is refused. */
  CPU,
  /** A GPU; the CPU backend is refused. */
  GPU
}

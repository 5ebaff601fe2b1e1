package dev.mona.device;

/** The device that a run says it needs. */
public enum WantedDevice {
  /** Whatever the build of the engine on the class path uses. */
  AUTO,
  /** The CPU; a build for GPUs is refused. */
  CPU,
  /** A GPU; a build for the CPU is refused. */
  GPU
}

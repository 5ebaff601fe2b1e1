package dev.mona.device;

import dev.mona.compute.Precision;
import java.util.Locale;

/** The engines that a run can be configured for. */
public enum EngineName {
  /** ND4J, which multiplies in float alone. */
  ND4J("cpu", "cuda") {
    @Override
    public boolean computesIn(Precision precision) {
      return precision == Precision.FLOAT32;
    }
  },
  /** libtorch, in every precision that the device has. */
  TORCH("torch", "torch-cuda") {
    @Override
    public boolean computesIn(Precision precision) {
      return true;
    }
  };

  private final String cpuProfile;
  private final String gpuProfile;

  EngineName(String cpuProfile, String gpuProfile) {
    this.cpuProfile = cpuProfile;
    this.gpuProfile = gpuProfile;
  }

  /** Whether the engine has a precision on some device. */
  public abstract boolean computesIn(Precision precision);

  /** Name in configurations, and that of the {@link dev.mona.compute.Engine}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The profile of the build that computes on GPUs, or of the one that does not. */
  public String profile(boolean gpu) {
    return gpu ? gpuProfile : cpuProfile;
  }
}

package dev.mona.device;

import dev.mona.MonaException;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Gpu;
import java.util.List;
import java.util.Optional;

/**
 * Whether the engine on the class path can compute here what a run wants. Nothing else is taken
 * instead.
 *
 * @param engine the engine that the run names
 * @param request what the run wants
 */
public record DeviceCheck(Engine engine, DeviceRequest request) {

  /**
   * The check of this process.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when the engine is not on the class
   *     path
   */
  public static DeviceCheck of(DeviceRequest request) {
    return new DeviceCheck(Engines.named(request.engine().id()), request);
  }

  /**
   * The GPUs, or an empty list with an engine that computes on the CPU.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when nothing could be trained here
   */
  public List<Gpu> require() {
    boolean gpu = engine.gpu();
    if (request.device() == WantedDevice.GPU && !gpu) {
      throw refused(
          "run.device is gpu but the class path has %s for the CPU (%s): use the jar that was built with the profile %s"
              .formatted(engine.name(), engine.library(), request.engine().profile(true)));
    }
    if (request.device() == WantedDevice.CPU && gpu) {
      throw refused(
          "run.device is cpu but the class path has %s for GPUs (%s): use the jar that was built with the profile %s"
              .formatted(engine.name(), engine.library(), request.engine().profile(false)));
    }
    List<Gpu> gpus = engine.gpus();
    if (gpu && gpus.isEmpty()) {
      throw refused(
          "the class path has %s for GPUs but this process sees no GPU: give the container one, check CUDA_VISIBLE_DEVICES, or use the jar that was built with the profile %s"
              .formatted(engine.name(), request.engine().profile(false)));
    }
    return gpus;
  }

  /** What opens the device of a number in the precision of the run. */
  public DeviceSpec spec(int number) {
    return new DeviceSpec(number, ElementType.FLOAT, request.precision());
  }

  /** Why {@link #require} refuses; empty when it does not. */
  public Optional<String> refusal() {
    try {
      require();
      return Optional.empty();
    } catch (MonaException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static MonaException refused(String sentence) {
    return new MonaException(MonaException.Category.ENVIRONMENT, sentence);
  }
}

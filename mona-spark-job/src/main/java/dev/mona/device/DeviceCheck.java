package dev.mona.device;

import dev.mona.MonaException;
import java.util.List;
import java.util.Optional;

/**
 * Whether the backend on the class path can run here. ND4J alone would go on with another backend
 * or fail deep inside its start.
 *
 * @param backend the backend that has to run
 * @param driver asked when the backend needs a GPU
 */
public record DeviceCheck(Backend backend, CudaDriver driver) {
  /** The check of this process. */
  public static DeviceCheck ofThisProcess() {
    return new DeviceCheck(Backend.onClassPath(), new CudaRuntime());
  }

  /**
   * The devices, or an empty list with the CPU backend.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when nothing could be trained here
   */
  public List<Gpu> require(WantedDevice wanted) {
    if (wanted == WantedDevice.GPU && !backend.cuda()) {
      throw refused(
          "run.device is gpu but the class path has the CPU backend ("
              + backend.className()
              + "): use the jar that was built with the profile cuda");
    }
    if (wanted == WantedDevice.CPU && backend.cuda()) {
      throw refused(
          "run.device is cpu but the class path has the CUDA backend ("
              + backend.className()
              + "): use the jar that was built with the profile cpu");
    }
    if (!backend.cuda()) {
      return List.of();
    }
    List<Gpu> gpus = driver.query().gpus();
    if (gpus.isEmpty()) {
      throw refused(
          "the CUDA backend is on the class path but this process sees no GPU: give the container"
              + " one, check CUDA_VISIBLE_DEVICES, or use a jar with the CPU backend");
    }
    for (Gpu gpu : gpus) {
      if (!gpu.supported()) {
        throw refused(gpu.refusal());
      }
    }
    return gpus;
  }

  /** Why {@link #require} refuses; empty when it does not. */
  public Optional<String> refusal(WantedDevice wanted) {
    try {
      require(wanted);
      return Optional.empty();
    } catch (MonaException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static MonaException refused(String sentence) {
    return new MonaException(MonaException.Category.ENVIRONMENT, sentence);
  }
}

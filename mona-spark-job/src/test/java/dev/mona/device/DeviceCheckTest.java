package dev.mona.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCheckTest {
  private static final Backend CPU = new Backend("org.nd4j.linalg.cpu.nativecpu.CpuBackend");
  private static final Backend CUDA = new Backend("org.nd4j.linalg.jcublas.JCublasBackend");
  private static final Gpu AMPERE = new Gpu(0, "A100", 8, 0, 40L << 30);
  private static final Gpu HOPPER = new Gpu(1, "H100", 9, 0, 80L << 30);

  private static DeviceCheck cuda(Gpu... gpus) {
    return new DeviceCheck(CUDA, () -> new CudaDevices(12020, 11060, List.of(gpus)));
  }

  private static DeviceCheck cpu() {
    return new DeviceCheck(
        CPU,
        () -> {
          throw new AssertionError("the CPU backend asks no driver");
        });
  }

  @Test
  void theTestsRunOnTheCpuBackend() {
    assertThat(Backend.all()).containsExactly(CPU);
    assertThat(Backend.onClassPath().cuda()).isFalse();
    assertThat(CUDA.cuda()).isTrue();
  }

  @Test
  void autoTakesWhatThereIs() {
    assertThat(cpu().require(WantedDevice.AUTO)).isEmpty();
    assertThat(cpu().require(WantedDevice.CPU)).isEmpty();
    assertThat(cuda(AMPERE).require(WantedDevice.AUTO)).containsExactly(AMPERE);
    assertThat(cuda(AMPERE).require(WantedDevice.GPU)).containsExactly(AMPERE);
  }

  @Test
  void theOtherBackendIsRefused() {
    assertThat(cpu().refusal(WantedDevice.GPU))
        .hasValue(
            "run.device is gpu but the class path has the CPU backend ("
                + CPU.className()
                + "): use the jar that was built with the profile cuda");
    assertThat(cuda(AMPERE).refusal(WantedDevice.CPU))
        .hasValueSatisfying(s -> assertThat(s).startsWith("run.device is cpu but"));
  }

  @Test
  void withoutDeviceNothingFallsBack() {
    assertThatThrownBy(() -> cuda().require(WantedDevice.AUTO))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
        .hasMessageContaining("this process sees no GPU");
  }

  @Test
  void oneDeviceWithoutCodeIsEnoughToRefuse() {
    assertThat(cuda(AMPERE, HOPPER).refusal(WantedDevice.AUTO)).hasValue(HOPPER.refusal());
  }

  /** The CPU build has no CUDA classes, which reads like a broken installation. */
  @Test
  void missingCudaClassesAreSaidInWords() {
    assertThat(new DeviceCheck(CUDA, new CudaRuntime()).refusal(WantedDevice.AUTO))
        .hasValueSatisfying(
            s ->
                assertThat(s)
                    .startsWith(
                        "the CUDA backend is on the class path but CUDA cannot be loaded (the"
                            + " class path lacks org.bytedeco.cuda.global.cudart)"));
  }

  @Test
  void versionsOfCuda() {
    assertThat(CudaDevices.version(11060)).isEqualTo("11.6");
    assertThat(CudaDevices.version(12020)).isEqualTo("12.2");
  }
}

package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Nd4jEngineTest {
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final Gpu AMPERE = new Gpu(0, "A100", 8, 0, 40L << 30);
  private static final Gpu HOPPER = new Gpu(1, "H100", 9, 0, 80L << 30);

  private static Engine cuda(Gpu... gpus) {
    return new Nd4jEngine(Optional.of(CUDA), () -> List.of(gpus), new HashMap<>());
  }

  private static DeviceSpec number(int number) {
    return new DeviceSpec(number, ElementType.FLOAT, Precision.FLOAT32);
  }

  private static void refused(Engine engine, DeviceSpec spec, String... why) {
    assertThatThrownBy(() -> engine.open(spec))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
        .message()
        .contains(why);
  }

  @Test
  void isFoundByNameAndComputesOnTheCpu() {
    Engine engine = Engines.named("nd4j");
    assertThat(engine).isInstanceOf(Nd4jEngine.class);
    assertThat(engine.gpu()).isFalse();
    assertThat(engine.gpus()).isEmpty();
    assertThat(engine.library()).startsWith("ND4J 1.0.0-M2.1");
    assertThatThrownBy(() -> Engines.named("fortran")).hasMessageContaining("nd4j");
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aDeviceIsOpenedOnce(ElementType type) {
    Engine engine = Engines.named("nd4j");
    DeviceSpec spec = DeviceSpec.of(type);
    assertThat(engine.open(spec)).isSameAs(Engines.named("nd4j").open(spec));
    assertThat(engine.open(spec).type()).isEqualTo(type);
  }

  @Test
  void floatsOnTheCpuTakeTheHostKernels() {
    Engine engine = Engines.named("nd4j");
    assertThat(engine.open(DeviceSpec.of(ElementType.FLOAT)).describe())
        .isEqualTo("ND4J on the CPU in float, host kernels");
    assertThat(engine.open(DeviceSpec.of(ElementType.DOUBLE)).describe())
        .isEqualTo("ND4J on the CPU in double, reference kernels");
    assertThat(Nd4jEngine.reference(ElementType.FLOAT).describe())
        .isEqualTo("ND4J on the CPU in float, reference kernels");
    assertThat(KernelChoice.of(AMPERE, ElementType.FLOAT)).isEqualTo(KernelChoice.REFERENCE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void smallerTypesAreRefused(Precision precision) {
    refused(
        Engines.named("nd4j"),
        new DeviceSpec(0, ElementType.FLOAT, precision),
        "not in " + precision.id(),
        "use the engine torch, or float32");
  }

  @Test
  void withoutAUsableDeviceNothingFallsBack() {
    refused(cuda(), number(0), "this process sees no GPU");
    refused(cuda(AMPERE), number(1), "there is no GPU 1: this process sees 1");
    refused(
        cuda(AMPERE, HOPPER),
        number(1),
        "GPU 1 (H100) has compute capability 9.0, for which the CUDA backend (nd4j-cuda-11.6"
            + " 1.0.0-M2.1) has no machine code: use a GPU of 3.7 to 8.9 (Kepler K80 to Ada) or a"
            + " jar with the CPU backend");
    refused(
        new Nd4jEngine(Optional.empty(), List::of, new HashMap<>()),
        number(0),
        "no ND4J backend is on the class");
  }

  @Test
  void theCpuBackendAsksNoDriver() {
    Engine engine =
        new Nd4jEngine(
            Optional.of("org.nd4j.linalg.cpu.nativecpu.CpuBackend"),
            () -> {
              throw new AssertionError("asked");
            },
            new HashMap<>());
    assertThat(engine.gpus()).isEmpty();
    assertThat(engine.open(number(0)).type()).isEqualTo(ElementType.FLOAT);
  }

  /** The CPU build has no CUDA classes, which reads like a broken installation. */
  @Test
  void missingCudaClassesAreSaidInWords() {
    refused(
        new Nd4jEngine(Optional.of(CUDA), new CudaRuntime(), new HashMap<>()),
        number(0),
        "the CUDA backend is on the class path but CUDA cannot be loaded (the class path lacks"
            + " org.bytedeco.cuda.global.cudart)");
  }

  @ParameterizedTest
  @CsvSource({"3,7", "5,0", "5,2", "5,3", "6,0", "6,1", "6,2", "7,0", "7,2", "7,5"})
  @CsvSource({"8,0", "8,6", "8,7", "8,9"})
  void keplerK80ToAdaHaveCode(int major, int minor) {
    assertThat(Nd4jEngine.hasCode(new Gpu(0, "Some GPU", major, minor, 0))).isTrue();
  }

  /** Kepler before the K80, and Hopper, Blackwell and what comes after them. */
  @ParameterizedTest
  @CsvSource({"3,0", "3,5", "9,0", "10,0", "12,0", "2,1"})
  void othersHaveNone(int major, int minor) {
    assertThat(Nd4jEngine.hasCode(new Gpu(0, "Some GPU", major, minor, 0))).isFalse();
  }
}

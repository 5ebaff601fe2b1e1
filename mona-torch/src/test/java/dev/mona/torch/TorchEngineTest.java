package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import dev.mona.compute.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchEngineTest {
  private static final String PYTORCH = "/META-INF/maven/org.bytedeco/pytorch/pom.properties";
  private static final Processor PLAIN = new Processor(Set.of("avx2", "avx512f"));

  private static Gpu gpu(int major, int minor) {
    return new Gpu(0, "Board", major, minor, 1L << 34);
  }

  private static TorchEngine onGpus(Gpu... gpus) {
    return new TorchEngine(new HashMap<>(), true, () -> Arrays.asList(gpus), () -> PLAIN);
  }

  private static TorchEngine onCpu() {
    return new TorchEngine(
        new HashMap<>(),
        false,
        () -> {
          throw new AssertionError("a build for the CPU asks for no GPUs");
        },
        () -> PLAIN);
  }

  private static DeviceSpec spec(int number, Precision precision) {
    return new DeviceSpec(number, ElementType.FLOAT, precision);
  }

  private static void refuses(Engine engine, DeviceSpec spec, String... words) {
    assertThatThrownBy(() -> engine.open(spec))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
        .hasMessageContainingAll(words)
        .message()
        .doesNotContain("\n")
        .doesNotEndWith(".");
  }

  @Test
  void isFoundByItsName() {
    Engine engine = Engines.named("torch");
    assertThat(engine).isInstanceOf(TorchEngine.class);
    assertThat(engine.library()).isEqualTo("libtorch 2.10.0 for the CPU");
    assertThat(engine.gpu()).isFalse();
    assertThat(engine.gpus()).isEmpty();
  }

  @Test
  void isTheVersionOnTheClassPath() throws IOException {
    Properties properties = new Properties();
    try (InputStream file = Tensor.class.getResourceAsStream(PYTORCH)) {
      properties.load(file);
    }
    assertThat(properties.getProperty("version")).startsWith(Libtorch.VERSION + "-");
  }

  @Test
  void aDeviceIsShared() {
    DeviceSpec spec = DeviceSpec.of(ElementType.FLOAT);
    Device device = Engines.named("torch").open(spec);
    assertThat(Engines.named("torch").open(spec)).isSameAs(device);
    assertThat(device.describe()).contains("libtorch 2.10.0", "CPU", "float32");
  }

  @Test
  void aCpuHasNoNumberAndNoRoundedFloats() {
    refuses(onCpu(), spec(1, Precision.FLOAT32), "no GPU 1", "computes on the CPU");
    refuses(onCpu(), spec(0, Precision.TF32), "tf32", "8.0", "use float32 or bf16");
  }

  @Test
  void aProcessorWithoutBfloat16IsRefused() {
    refuses(onCpu(), spec(0, Precision.BF16), "bf16", "avx512_bf16", "use float32");
  }

  @Test
  void doublesAreNotRounded() {
    refuses(
        onCpu(), new DeviceSpec(0, ElementType.DOUBLE, Precision.BF16), "doubles", "use float32");
  }

  @Test
  void aGpuThatIsNotThereIsNotReplaced() {
    refuses(onGpus(), spec(0, Precision.FLOAT32), "sees none", "CUDA_VISIBLE_DEVICES");
    refuses(onGpus(gpu(9, 0)), spec(1, Precision.FLOAT32), "no GPU 1", "sees 1,");
  }

  @Test
  void aGpuWithoutCodeOrPrecisionIsRefused() {
    refuses(onGpus(gpu(7, 0)), spec(0, Precision.FLOAT32), "Board", "7.0", "no machine code");
    refuses(onGpus(gpu(7, 5)), spec(0, Precision.TF32), "Board", "7.5", "tf32", "use float32");
    refuses(onGpus(gpu(7, 5)), spec(0, Precision.BF16), "Board", "7.5", "bf16", "use float32");
  }

  @ParameterizedTest
  @CsvSource({
    "6, 1, false", "7, 0, false", "7, 5, true", "8, 0, true", "8, 6, true", "8, 9, true",
    "9, 0, true", "10, 0, true", "10, 3, true", "11, 0, false", "12, 0, true", "12, 1, true"
  })
  void codeRunsOnTheSameMajorVersion(int major, int minor, boolean runs) {
    assertThat(TorchEngine.hasCode(gpu(major, minor))).isEqualTo(runs);
  }

  @Test
  void flagsOfTheProcessorAreRead() {
    Processor processor =
        Processor.of(
            List.of("model name\t: Some", "flags\t\t: fpu sse avx512_bf16", "flags\t: no"));
    assertThat(processor.bfloat16()).isTrue();
    assertThat(processor.has("sse")).isTrue();
    assertThat(processor.has("no")).isFalse();
    assertThat(Processor.of(List.of("Features : fp")).bfloat16()).isFalse();
    assertThat(new Processor(Set.of("amx_bf16")).bfloat16()).isTrue();
  }
}

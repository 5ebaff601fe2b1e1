package dev.mona.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceCheckTest {
  private static final Gpu AMPERE = new Gpu(0, "A100", 8, 0, 40L << 30);

  /** An engine as {@link DeviceCheck} sees it before a device is opened. */
  private record Build(String name, boolean gpu, List<Gpu> gpus) implements Engine {
    @Override
    public String library() {
      return "library of " + name;
    }

    @Override
    public Device open(DeviceSpec spec) {
      throw new AssertionError("a check opens nothing");
    }
  }

  private static DeviceCheck check(
      EngineName engine, WantedDevice wanted, boolean gpu, Gpu... gpus) {
    return new DeviceCheck(
        new Build(engine.id(), gpu, List.of(gpus)),
        new DeviceRequest(engine, Precision.FLOAT32, wanted));
  }

  @ParameterizedTest
  @EnumSource(EngineName.class)
  void autoTakesWhatThereIs(EngineName engine) {
    assertThat(check(engine, WantedDevice.AUTO, false).require()).isEmpty();
    assertThat(check(engine, WantedDevice.CPU, false).require()).isEmpty();
    assertThat(check(engine, WantedDevice.AUTO, true, AMPERE).require()).containsExactly(AMPERE);
    assertThat(check(engine, WantedDevice.GPU, true, AMPERE).require()).containsExactly(AMPERE);
  }

  @Test
  void theOtherBuildIsRefusedWithTheProfileOfTheRightOne() {
    assertThat(check(EngineName.ND4J, WantedDevice.GPU, false).refusal())
        .hasValue(
            "run.device is gpu but the class path has nd4j for the CPU (library of nd4j): use the"
                + " jar that was built with the profile cuda");
    assertThat(check(EngineName.TORCH, WantedDevice.GPU, false).refusal())
        .hasValueSatisfying(s -> assertThat(s).endsWith("built with the profile torch-cuda"));
    assertThat(check(EngineName.ND4J, WantedDevice.CPU, true, AMPERE).refusal())
        .hasValueSatisfying(
            s ->
                assertThat(s)
                    .startsWith("run.device is cpu but the class path has nd4j for GPUs")
                    .endsWith("built with the profile cpu"));
    assertThat(check(EngineName.TORCH, WantedDevice.CPU, true, AMPERE).refusal())
        .hasValueSatisfying(s -> assertThat(s).endsWith("built with the profile torch"));
  }

  @ParameterizedTest
  @EnumSource(EngineName.class)
  void withoutDeviceNothingFallsBack(EngineName engine) {
    assertThatThrownBy(() -> check(engine, WantedDevice.AUTO, true).require())
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
        .hasMessageContaining("this process sees no GPU");
  }

  @Test
  void theTestsRunOnTheCpu() {
    DeviceCheck check = DeviceCheck.of(DeviceRequest.of(WantedDevice.CPU));
    assertThat(check.require()).isEmpty();
    assertThat(check.engine().name()).isEqualTo("nd4j");
    assertThat(check.spec(0)).isEqualTo(DeviceSpec.of(ElementType.FLOAT));
  }
}

package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Precision;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.WantedDevice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunConfigTest {
  private static final RunConfig.Resources ANY =
      new RunConfig.Resources(0, 0, DeviceRequest.of(WantedDevice.AUTO));

  @Test
  void defaults() {
    assertThat(ConfigFixture.load().run())
        .isEqualTo(
            new RunConfig("", "runs", 1, ANY, new RunConfig.Restart(Resume.NEVER, 60, false)));
    assertThat(ConfigFixture.load().listeners()).isEqualTo(new ListenerClasses(List.of()));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "run.id=a.b-c_1",
            "run.output=hdfs://name:8020/runs",
            "run.seed=-9223372036854775808",
            "run.partitions=4",
            "run.threads-per-task=2",
            "run.device=gpu",
            "run.engine=torch",
            "run.precision=bf16",
            "run.resume=true",
            "run.lease-seconds=90",
            "run.repartition=true",
            "run.listeners=a.B, org.example.Outer$Inner");
    assertThat(config.run())
        .isEqualTo(
            new RunConfig(
                "a.b-c_1",
                "hdfs://name:8020/runs",
                Long.MIN_VALUE,
                new RunConfig.Resources(
                    4, 2, new DeviceRequest(EngineName.TORCH, Precision.BF16, WantedDevice.GPU)),
                new RunConfig.Restart(Resume.REQUIRED, 90, true)));
    assertThat(config.listeners())
        .isEqualTo(new ListenerClasses(List.of("a.B", "org.example.Outer$Inner")));
  }

  @Test
  void unknownEnginesAndPrecisionsAreRefusedInWords() {
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("run.engine=tensorflow", "run.precision=fp8")))
        .contains(
            "run.engine is \"tensorflow\" (--set run.engine), must be one of nd4j, torch",
            "run.precision is \"fp8\" (--set run.precision), must be one of float32, tf32, bf16");
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"TF32", "BF16"})
  void nd4jMultipliesInFloatAlone(Precision precision) {
    String setting = "run.precision=" + precision.id();
    assertThat(ConfigFixture.refusal(ConfigFixture.layers(setting)))
        .startsWith("run.precision is \"" + precision.id() + "\" (--set run.precision) and")
        .contains("run.engine is \"nd4j\" (", "which computes in float32 alone");
    assertThat(ConfigFixture.load("run.engine=torch", setting).run().resources().device())
        .isEqualTo(new DeviceRequest(EngineName.TORCH, precision, WantedDevice.AUTO));
    assertThatThrownBy(() -> new DeviceRequest(EngineName.ND4J, precision, WantedDevice.AUTO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A run of before these keys has the hash that it was stored with. */
  @Test
  void engineAndPrecisionDecideWhereTheyAreNotTheDefaults() {
    String defaults = ConfigFixture.load().hash();
    assertThat(ConfigFixture.load("run.engine=nd4j", "run.precision=float32").hash())
        .isEqualTo(defaults);
    String torch = ConfigFixture.load("run.engine=torch").hash();
    assertThat(torch).isNotEqualTo(defaults);
    assertThat(ConfigFixture.load("run.engine=torch", "run.precision=bf16").hash())
        .isNotEqualTo(torch)
        .isNotEqualTo(defaults);
  }

  @Test
  void resumeHasThreeValues() {
    assertThat(ConfigFixture.load("run.resume=false").run().restart().resume())
        .isEqualTo(Resume.NEVER);
    assertThat(ConfigFixture.load("run.id=a", "run.resume=auto").run().restart().resume())
        .isEqualTo(Resume.IF_PRESENT);
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "run.id=../up",
        "run.id=a/b",
        "run.output=",
        "run.seed=1.5",
        "run.seed=9223372036854775808",
        "run.partitions=-1",
        "run.threads-per-task=two",
        "run.device=cuda",
        "run.engine=jax",
        "run.precision=float16",
        "run.resume=maybe",
        "run.lease-seconds=1",
        "run.repartition=2",
        "run.listeners=a.B c.D",
        "run.listeners=a.B,,c.D",
        "run.listeners=../a.B",
        "run.listeners=a.1B");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("run.resume=auto")))
        .isEqualTo(
            "run.resume is \"auto\" (--set run.resume) but run.id is empty: name the run to"
                + " continue");
    assertThatThrownBy(
            () ->
                new RunConfig(
                    "", "runs", 1, ANY, new RunConfig.Restart(Resume.IF_PRESENT, 60, false)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addressWithLoginIsRefusedWithoutRepeatingIt() {
    assertThat(
            ConfigFixture.refusal(ConfigFixture.layers("run.output=s3a://key:hidden@bucket/runs")))
        .startsWith("run.output is an address with a login")
        .doesNotContain("hidden");
    assertThat(ConfigFixture.load("run.output=abfss://box@account.example/runs").run().output())
        .isEqualTo("abfss://box@account.example/runs");
  }

  /** As it is stored with a run, and as a file has it. */
  @Test
  void listenersAreAList() {
    MonaConfig config = ConfigFixture.load("run.listeners=a.B,c.D$E");
    assertThat(config.rendered()).contains("run.listeners = [\"a.B\", \"c.D$E\"]\n");
    assertThat(config.hash()).isEqualTo(ConfigFixture.load().hash());
    ConfigLayers stored = ConfigLayers.start().stored("config.conf", config.rendered());
    assertThat(stored.load()).isEqualTo(config);
    for (String bad : List.of("[1]", "[[a]]", "[\"a b\"]", "{a = b}", "null")) {
      assertThat(
              ConfigFixture.refusal(
                  ConfigLayers.start()
                      .stored("config.conf", config.rendered() + "run.listeners = " + bad)))
          .as(bad)
          .contains("run.listeners is")
          .contains("must be a list of names of classes, or a text with commas between them");
    }
  }
}

package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.device.WantedDevice;
import org.junit.jupiter.api.Test;

class RunConfigTest {
  private static final RunConfig.Resources ANY = new RunConfig.Resources(0, 0, WantedDevice.AUTO);

  @Test
  void defaults() {
    assertThat(ConfigFixture.load().run())
        .isEqualTo(new RunConfig("", "runs", 1, ANY, new RunConfig.Restart(Resume.NEVER, 60)));
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
            "run.resume=true",
            "run.lease-seconds=90");
    assertThat(config.run())
        .isEqualTo(
            new RunConfig(
                "a.b-c_1",
                "hdfs://name:8020/runs",
                Long.MIN_VALUE,
                new RunConfig.Resources(4, 2, WantedDevice.GPU),
                new RunConfig.Restart(Resume.REQUIRED, 90)));
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
        "run.resume=maybe",
        "run.lease-seconds=1");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("run.resume=auto")))
        .isEqualTo(
            "run.resume is \"auto\" (--set run.resume) but run.id is empty: name the run to"
                + " continue");
    assertThatThrownBy(
            () -> new RunConfig("", "runs", 1, ANY, new RunConfig.Restart(Resume.IF_PRESENT, 60)))
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
}

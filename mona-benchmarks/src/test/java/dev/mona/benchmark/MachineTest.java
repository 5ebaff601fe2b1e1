package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void readsTheFirstProcessor() {
    List<String> lines =
        List.of(
            "processor\t: 0",
            "cpu family\t: 26",
            "model\t\t: 2",
            "model name\t: Some Processor",
            "processor\t: 1",
            "model name\t: Another");
    assertThat(Machine.model(lines)).isEqualTo("Some Processor (family 26, model 2)");
    assertThat(Machine.model(List.of())).isEqualTo(System.getProperty("os.arch"));
  }

  @Test
  void countsBusyTicksWithoutIdleAndGuestTime() {
    assertThat(CpuClock.busySeconds("cpu  100 20 30 5000 700 4 5 6 50 60"))
        .isCloseTo(1.65, within(1e-12));
  }
}

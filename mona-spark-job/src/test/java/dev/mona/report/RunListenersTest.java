package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunListenersTest {
  private final List<String> calls = new ArrayList<>();

  private RunListener recording(String name, boolean failing) {
    return new RunListener() {
      @Override
      public void stageStarted(StageRecord stage) {
        calls.add(name + " stageStarted");
      }

      @Override
      public void roundEnded(RoundRecord round) {
        calls.add(name + " roundEnded");
      }

      @Override
      public void epochEnded(EpochRecord epoch) {
        calls.add(name + " epochEnded");
      }

      @Override
      public void stageEnded(StageRecord stage) {
        calls.add(name + " stageEnded");
      }

      @Override
      public void runEnded(RunRecord run) {
        calls.add(name + " runEnded");
      }

      @Override
      public void close() {
        calls.add(name + " close");
        if (failing) {
          throw new IllegalStateException(name);
        }
      }
    };
  }

  @Test
  void everyListenerHearsEverythingInOrder() {
    RunListener both = RunListeners.of(recording("a", false), recording("b", false));
    StageRecord stage = new StageRecord(Stage.WARMUP, 1, 0, 1);
    both.stageStarted(stage);
    both.roundEnded(new RoundRecord(Stage.WARMUP, 0, 0, 1, 1, 1, Map.of()));
    both.epochEnded(new EpochRecord(Stage.WARMUP, 0, 1, 1, Map.of()));
    both.stageEnded(stage);
    both.runEnded(new RunRecord("completed", 1, Map.of()));
    both.close();
    assertThat(calls)
        .containsExactly(
            "a stageStarted",
            "b stageStarted",
            "a roundEnded",
            "b roundEnded",
            "a epochEnded",
            "b epochEnded",
            "a stageEnded",
            "b stageEnded",
            "a runEnded",
            "b runEnded",
            "a close",
            "b close");
  }

  @Test
  void allAreClosedAlthoughOneFails() {
    RunListener three =
        RunListeners.of(recording("a", true), recording("b", true), recording("c", false));
    assertThatThrownBy(three::close)
        .hasMessage("a")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting("message").containsExactly("b"));
    assertThat(calls).containsExactly("a close", "b close", "c close");
  }
}

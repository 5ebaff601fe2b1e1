package dev.mona.events;

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
      public void runStarted(RunStarted started) {
        calls.add(name + " runStarted");
      }

      @Override
      public void runResumed(RunResumed resumed) {
        calls.add(name + " runResumed");
      }

      @Override
      public void noticed(Noticed noticed) {
        calls.add(name + " noticed");
      }

      @Override
      public Runnable record() {
        return () -> calls.add(name + " recorded");
      }

      @Override
      public void stageStarted(StageStarted started) {
        calls.add(name + " stageStarted");
      }

      @Override
      public void roundEnded(RoundEnded ended) {
        calls.add(name + " roundEnded");
      }

      @Override
      public void epochEnded(EpochEnded ended) {
        calls.add(name + " epochEnded");
      }

      @Override
      public void stageEnded(StageEnded ended) {
        calls.add(name + " stageEnded");
      }

      @Override
      public void runEnded(RunEnded ended) {
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
    EpochPosition epoch = new EpochPosition(Stage.WARMUP, 0, 1);
    Work work = new Work(1, 1);
    both.runStarted(new RunStarted("runs/r1", "t", "mona", 1));
    both.runResumed(new RunResumed(Stage.WARMUP, 0, 0));
    both.stageStarted(new StageStarted(Stage.WARMUP, 1, 0, 1));
    both.roundEnded(new RoundEnded(new RoundPosition(epoch, 0, 1), work, Map.of()));
    both.epochEnded(new EpochEnded(epoch, work, new Evaluation(0, 0), Map.of(), false));
    Runnable record = both.record();
    both.noticed(new Noticed("something"));
    record.run();
    both.stageEnded(new StageEnded(Stage.WARMUP));
    both.runEnded(new RunEnded("runs/r1", StopReason.COMPLETED, 1, Scores.NONE, WallTime.UNKNOWN));
    both.close();
    assertThat(calls)
        .containsExactly(
            "a runStarted",
            "b runStarted",
            "a runResumed",
            "b runResumed",
            "a stageStarted",
            "b stageStarted",
            "a roundEnded",
            "b roundEnded",
            "a epochEnded",
            "b epochEnded",
            "a noticed",
            "b noticed",
            "a recorded",
            "b recorded",
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

package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.TestDevice;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.FixedHeapProcess;
import dev.mona.tensor.ResidentMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long run leaves resident memory as it is. It runs in a process of its own. */
@Tag("soak")
class SoakTest {
  private static final int WARM_STEPS = 300;
  private static final int STEPS = 1000;
  private static final int STEPS_PER_EPOCH = 5;

  @Test
  void residentMemoryStaysFlatOverAThousandSteps(@TempDir Path folder)
      throws IOException, InterruptedException {
    ResidentMemory.assumeKnown();
    List<String> kilobytes = FixedHeapProcess.run(SoakTest.class, folder, Map.of());
    long warm = Long.parseLong(kilobytes.get(0));
    long end = Long.parseLong(kilobytes.get(1));
    assertThat(end)
        .as("resident kB after %d steps, it was %d after %d", STEPS, warm, WARM_STEPS)
        .isLessThan(warm + warm / 10);
  }

  /** The run itself: writes the resident kilobytes after the warm-up and at the end to a file. */
  public static void main(String[] args) throws IOException {
    FrozenModel frozen = new SmallLearner().frozen();
    SampleBlock block = SmallLearner.block(SmallLearner.BATCH * STEPS_PER_EPOCH);
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      int step = run(learner, frozen, block, 0, WARM_STEPS);
      long warm = ResidentMemory.kilobytes();
      run(learner, frozen, block, step, STEPS);
      Files.write(
          Path.of(args[0]),
          List.of(String.valueOf(warm), String.valueOf(ResidentMemory.kilobytes())));
    }
  }

  /** Epochs of the three stages in turn, each over a fresh state. */
  private static int run(
      MonaLearner learner, FrozenModel frozen, SampleBlock block, int from, int to) {
    int step = from;
    while (step < to) {
      for (Stage stage : Stage.values()) {
        TrainingState state = SmallLearner.start(learner, frozen, stage);
        RoundWork work =
            new RoundWork(stage, step, 0, new StepRange(0, STEPS_PER_EPOCH, STEPS_PER_EPOCH));
        RoundResult result = learner.run(work, state, block);
        if (!Double.isFinite(result.metrics().getOrDefault("loss", Double.NaN))) {
          throw new IllegalStateException("the loss of step " + step + " is not finite");
        }
        step += STEPS_PER_EPOCH;
      }
    }
    return step;
  }
}

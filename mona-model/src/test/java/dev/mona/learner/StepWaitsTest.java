package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.learner.SmallLearner.Way;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a warm step waits for the device. */
class StepWaitsTest {
  private static final int STEPS = 6;
  private static final SampleBlock BLOCK = SmallLearner.block(22);

  /**
   * Once, for all numbers together. ND4J computes a number when it is asked for: there it is once
   * for each, and never for an array.
   *
   * @param numbers losses and inner products: loss and its gradient's norm by group; in a meta-step
   *     also two parts of the outer loss, the norms of both inner gradients, of v and of the mixed
   *     term, and the cosine
   */
  @ParameterizedTest
  @CsvSource({
    "WARMUP, EXACT, 3",
    "FINETUNING, EXACT, 4",
    "ALIGNMENT, EXACT, 10",
    "ALIGNMENT, FINITE_DIFFERENCE, 11",
    "ALIGNMENT, GRADIENT_ALIGNMENT, 10"
  })
  void aStepWaitsOnceAtItsEnd(Stage stage, Way estimator, int numbers) {
    assertWaits(new SmallLearner().estimator(estimator, 1), stage, 1, numbers);
  }

  @ParameterizedTest
  @CsvSource({"STOP", "SKIP"})
  void accumulatedBatchesWaitTogether(NonFinite nonFinite) {
    SmallLearner options = new SmallLearner().batch(2, 2).nonFinite(nonFinite);
    assertWaits(options, Stage.WARMUP, 1, 4);
  }

  /** The host solves its problems, for which it needs the features. */
  @ParameterizedTest
  @CsvSource("1")
  void aStepOfTransportAlsoWaitsForItsFeatures(int passes) {
    assertWaits(new SmallLearner().transports().batch(4, passes), Stage.ALIGNMENT, 2, 3);
  }

  private static void assertWaits(SmallLearner options, Stage stage, int once, int numbers) {
    Device device = TestDevice.floats();
    int expected = device instanceof Nd4jDevice ? numbers : once;
    FrozenModel frozen = options.frozen();
    List<Long> waits = new ArrayList<>();
    try (MonaLearner learner = new MonaLearner(frozen, device)) {
      TrainingState state = SmallLearner.start(learner, frozen, stage);
      RoundWork work = new RoundWork(stage, 0, 0, new StepRange(0, STEPS, STEPS));
      learner.run(work, state, BLOCK);
      learner.run(work, state, BLOCK, () -> waits.add(device.waits()));
    }
    assertThat(waits).hasSize(STEPS);
    // full batches; the last one is shorter
    for (int k = 1; k < STEPS - 1; k++) {
      assertThat(waits.get(k) - waits.get(k - 1)).as("step " + k).isEqualTo(expected);
    }
  }
}

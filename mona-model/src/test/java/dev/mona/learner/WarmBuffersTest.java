package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Way;
import dev.mona.task.SampleBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A warm step takes its arrays from buffers of earlier steps. */
class WarmBuffersTest {
  /** Bytes of arrays outside the heap. */
  private static long held() {
    return TestDevice.floats().usedBytes();
  }

  /** Without waiting for the garbage collector, which leaves small temporaries behind. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aClosedLearnerHoldsNothing(Way estimator) {
    FrozenModel frozen = new SmallLearner().estimator(estimator, 1).frozen();
    SampleBlock block = SmallLearner.block(22);
    long before = TestDevice.bytesAtRest(TestDevice.floats());
    long open;
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      for (Stage stage : Stage.values()) {
        TrainingState state = SmallLearner.start(learner, frozen, stage);
        learner.run(new RoundWork(stage, 0, 0, new StepRange(0, 6, 6)), state, block);
      }
      open = held();
    }
    // parameters, gradients, moments and the buffers of four tapes
    assertThat(open - before).isGreaterThan(1_000_000);
    assertThat(held() - before).isLessThan((open - before) / 20);
  }

  @ParameterizedTest
  @CsvSource({
    "WARMUP, EXACT",
    "FINETUNING, EXACT",
    "ALIGNMENT, EXACT",
    "ALIGNMENT, FINITE_DIFFERENCE",
    "ALIGNMENT, GRADIENT_ALIGNMENT"
  })
  void buffersStopGrowing(Stage stage, Way estimator) {
    FrozenModel frozen = new SmallLearner().estimator(estimator, 1).frozen();
    SampleBlock block = SmallLearner.block(22);
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, stage);
      // 6 steps an epoch, the last one partial; source batches are 8 to 14 tokens long
      int epoch = 0;
      for (; epoch < 3; epoch++) {
        state =
            learner
                .run(new RoundWork(stage, epoch, 0, new StepRange(0, 6, 6)), state, block)
                .state();
      }
      long warm = learner.allocated();
      assertThat(warm).isPositive();
      for (; epoch < 8; epoch++) {
        state =
            learner
                .run(new RoundWork(stage, epoch, 0, new StepRange(0, 6, 6)), state, block)
                .state();
        assertThat(learner.allocated()).as("epoch " + epoch).isEqualTo(warm);
      }
    }
  }
}

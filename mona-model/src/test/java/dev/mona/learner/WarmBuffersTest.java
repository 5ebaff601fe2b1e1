package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.hypergradient.Estimator;
import dev.mona.task.SampleBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A warm step takes its arrays from buffers of earlier steps. */
class WarmBuffersTest {
  @ParameterizedTest
  @CsvSource({
    "WARMUP, EXACT",
    "FINETUNING, EXACT",
    "ALIGNMENT, EXACT",
    "ALIGNMENT, FINITE_DIFFERENCE",
    "ALIGNMENT, GRADIENT_ALIGNMENT"
  })
  void buffersStopGrowing(Stage stage, Estimator estimator) {
    FrozenModel frozen = new SmallLearner().estimator(estimator, 1).frozen();
    SampleBlock block = SmallLearner.block(22);
    try (MonaLearner learner = new MonaLearner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, stage);
      // 6 steps an epoch, the last one partial; source batches are 8 to 14 tokens long
      int epoch = 0;
      for (; epoch < 3; epoch++) {
        state = learner.run(new RoundWork(stage, epoch, 0, 6, 0, 6), state, block).state();
      }
      long warm = learner.allocated();
      assertThat(warm).isPositive();
      for (; epoch < 8; epoch++) {
        state = learner.run(new RoundWork(stage, epoch, 0, 6, 0, 6), state, block).state();
        assertThat(learner.allocated()).as("epoch " + epoch).isEqualTo(warm);
      }
    }
  }
}

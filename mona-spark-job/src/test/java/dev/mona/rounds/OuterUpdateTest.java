package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Nesterov;
import dev.mona.learner.Learner;
import dev.mona.learner.TrainingState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OuterUpdateTest {
  private static final OuterUpdate HALF =
      new OuterUpdate(new Nesterov(0.5, 0.5), OuterUpdate.Moments.AVERAGE);
  private static final TrainingState START =
      new TrainingState(new float[] {1, 2}, new float[] {3}, new float[] {0.5f, 0.5f}, 4);

  /** A round whose mean is what it started from. */
  private static Averaged unmoved(double dropped) {
    Diagnostics metrics =
        new Diagnostics(Map.of(Learner.DROPPED_STEPS, dropped), Map.of(Learner.DROPPED_STEPS, 2L));
    return new Averaged(
        new TrainingState(new float[] {1, 2}, new float[] {3}, 6),
        new Contribution.Report(8, 6, 0, metrics));
  }

  @Test
  void aRoundInWhichNobodyCouldTakeAStepTakesNoOuterStep() {
    TrainingState after = HALF.of(START, unmoved(2)).state();
    assertThat(after.parameters()).containsExactly(1, 2);
    assertThat(after.velocity()).containsExactly(0.5f, 0.5f);
  }

  /** By hand: d = 0, u = 1/4, and each value moves by 1/2 of 1/8. The start stays as it is. */
  @Test
  void theMomentumGoesOnWhereTheMeanDoesNotMove() {
    TrainingState after = HALF.of(START, unmoved(1)).state();
    assertThat(after.parameters()).containsExactly(0.9375f, 1.9375f);
    assertThat(after.velocity()).containsExactly(0.25f, 0.25f);
    assertThat(START.parameters()).containsExactly(1, 2);
    assertThat(START.velocity()).containsExactly(0.5f, 0.5f);
  }

  @Test
  void aStageStartsWithAVelocityOfZerosWhereThereIsOne() {
    TrainingState state = new TrainingState(new float[] {1, 2}, new float[0], 0);
    assertThat(HALF.start(state).velocity()).containsExactly(0, 0);
    assertThat(OuterUpdate.MEAN.start(state)).isSameAs(state);
    assertThat(START.local()).isEqualTo(new TrainingState(new float[] {1, 2}, new float[] {3}, 4));
  }
}

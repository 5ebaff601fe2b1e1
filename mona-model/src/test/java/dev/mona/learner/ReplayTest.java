package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.nn.Leaves;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.Parameters;
import dev.mona.tensor.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayTest {
  private static final SampleBlock BLOCK = SmallLearner.block(22);
  private static final int STEPS = 6;
  private static final double RATE = 0.01;
  private static final double WEIGHT = 0.3;

  private static RoundWork work(Stage stage, int first, int steps) {
    return new RoundWork(stage, 0, 1, new StepRange(first, steps, STEPS));
  }

  /** Plain descent, so that a step is its gradient. */
  private static SmallLearner descent() {
    return new SmallLearner().optimizer(Kind.SGD, 0, 0).constantRate().clipNorm(1e9);
  }

  private static TrainingState start(SmallLearner options, Stage stage) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      return SmallLearner.start(learner, frozen, stage);
    }
  }

  private static RoundResult run(SmallLearner options, RoundWork work) {
    TrainingState state = start(options, work.stage());
    try (MonaLearner learner = options.create()) {
      return learner.run(work, state, BLOCK);
    }
  }

  /** L_outer of an encoder on the source batch of a step. */
  private static double outer(FrozenModel frozen, RoundWork work, int k, float[] encoder) {
    try (Tape tape = new Tape(TestDevice.floats());
        Parameters at =
            Parameters.zeros(
                frozen.network().layout(ParameterGroup.ENCODER), TestDevice.floats())) {
      at.assign(encoder);
      return new SourceObjective(frozen)
          .of(work, k)
          .record(tape, Leaves.of(tape, at))
          .total()
          .scalar()
          .value();
    }
  }

  private static float[] moved(float[] from, double[] along, double length) {
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) (from[i] + length * along[i]);
    }
    return to;
  }

  /** What the replay adds to a step against differences of L_outer. */
  @Test
  void aStepDescendsOnTheOuterLossToo() {
    FrozenModel frozen = descent().frozen();
    RoundWork work = work(Stage.FINETUNING, 2, 1);
    float[] without = run(descent(), work).state().parameters();
    RoundResult result = run(descent().replay(WEIGHT, 1), work);
    float[] with = result.state().parameters();
    float[] theta = SmallLearner.WEIGHTS.encoder();
    int from = Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
    double[] gradient = new double[theta.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (without[from + i] - with[from + i]) / (RATE * WEIGHT);
    }
    for (int i = 0; i < with.length; i++) {
      if (i < from || i >= from + theta.length) {
        assertThat(with[i]).as("embedder and head, %s", i).isEqualTo(without[i]);
      }
    }
    double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    double[] direction = Arrays.stream(gradient).map(g -> g / norm).toArray();
    double length = 0.02;
    double difference =
        (outer(frozen, work, 0, moved(theta, direction, length))
                - outer(frozen, work, 0, moved(theta, direction, -length)))
            / (2 * length);
    assertThat(difference).isCloseTo(norm, within(0.02 * norm));
    assertThat(result.metrics().getOrDefault("replay_loss", Double.NaN))
        .isCloseTo(outer(frozen, work, 0, theta), within(1e-5));
  }

  @ParameterizedTest
  @EnumSource
  void withoutWeightTheBytesAreThoseWithoutReplay(Stage stage) {
    RoundWork work = work(stage, 0, 4);
    assertThat(run(new SmallLearner().replay(0, 3), work)).isEqualTo(run(new SmallLearner(), work));
  }

  @ParameterizedTest
  @EnumSource(names = "FINETUNING", mode = EnumSource.Mode.EXCLUDE)
  void otherStagesHaveNone(Stage stage) {
    RoundWork work = work(stage, 0, 4);
    assertThat(run(new SmallLearner().replay(WEIGHT, 1), work))
        .isEqualTo(run(new SmallLearner(), work));
  }

  /** Counted from the start of the epoch, wherever a round begins. */
  @ParameterizedTest
  @CsvSource({"1, 0, 6", "2, 0, 3", "2, 1, 2", "3, 1, 1", "3, 3, 1", "7, 1, 0"})
  void oneStepOfSomeHasIt(int every, int first, long expected) {
    RoundWork work = work(Stage.FINETUNING, first, STEPS - first);
    SmallLearner options = new SmallLearner().replay(WEIGHT, every);
    RoundResult result = run(options, work);
    assertThat(result.counts().getOrDefault("replay_loss", 0L)).isEqualTo(expected);
    assertThat(result.equals(run(new SmallLearner(), work))).isEqualTo(expected == 0);
  }

  @Test
  void oneRoundOfFourStepsIsFourRoundsOfOne() {
    SmallLearner options = new SmallLearner().replay(WEIGHT, 2);
    TrainingState carried = start(options, Stage.FINETUNING);
    try (MonaLearner learner = options.create()) {
      RoundResult whole = learner.run(work(Stage.FINETUNING, 1, 4), carried, BLOCK);
      for (int k = 0; k < 4; k++) {
        carried = learner.run(work(Stage.FINETUNING, 1 + k, 1), carried, BLOCK).state();
      }
      assertThat(carried).isEqualTo(whole.state());
    }
  }

  @Test
  void whatFinetuningDoesNotChangeStays() {
    SmallLearner options = new SmallLearner().replay(WEIGHT, 1).scope(FinetuneScope.LAYER_NORM);
    FrozenModel frozen = options.frozen();
    float[] after = run(options, work(Stage.FINETUNING, 0, 3)).state().parameters();
    float[] theta = SmallLearner.WEIGHTS.encoder();
    int from = Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
    frozen
        .network()
        .layout(ParameterGroup.ENCODER)
        .entries()
        .forEach(
            entry -> {
              int at = (int) entry.offset();
              int to = (int) (entry.offset() + entry.length());
              boolean same =
                  Arrays.equals(
                      Arrays.copyOfRange(theta, at, to),
                      Arrays.copyOfRange(after, from + at, from + to));
              assertThat(same).as(entry.name()).isEqualTo(entry.role() != Role.LAYER_NORM);
            });
  }

  @Test
  void keepsItsBuffers() {
    SmallLearner options = new SmallLearner().replay(WEIGHT, 1);
    TrainingState state = start(options, Stage.FINETUNING);
    try (MonaLearner learner = options.create()) {
      // source batches are 8 to 14 tokens long
      for (int epoch = 0; epoch < 3; epoch++) {
        learner.run(round(epoch), state, BLOCK);
      }
      long warm = learner.allocated();
      for (int epoch = 3; epoch < 8; epoch++) {
        learner.run(round(epoch), state, BLOCK);
      }
      assertThat(learner.allocated()).isEqualTo(warm);
    }
  }

  private static RoundWork round(int epoch) {
    return new RoundWork(Stage.FINETUNING, epoch, 0, new StepRange(0, STEPS, STEPS));
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 1", "NaN, 1", "Infinity, 1", "0.3, 0"})
  void refusesWhatIsNoReplay(double weight, int every) {
    assertThatThrownBy(() -> new Replay(weight, every)).hasMessageContaining("must be >= 0");
  }
}

package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The average of what finetuning trains. */
class FinetuningAverageTest {
  private static final double DECAY = 0.7;
  private static final LoraOptions LORA = new LoraOptions(2, 1.5, Projections.QUERY_VALUE);

  /** 5 batches of 4 and one of 2. */
  private static final SampleBlock BLOCK = SmallLearner.block(22);

  private static final int STEPS = 6;

  /** What finetuning trains. */
  enum Trained {
    ALL,
    LAYER_NORMS,
    ADAPTERS,
    LAYER_BY_LAYER;

    SmallLearner options() {
      SmallLearner options = new SmallLearner().constantRate();
      return switch (this) {
        case ALL -> options;
        case LAYER_NORMS -> options.scope(FinetuneScope.LAYER_NORM);
        case ADAPTERS -> options.lora(LORA);
        case LAYER_BY_LAYER -> options.layerDecay(0.8);
      };
    }
  }

  private static RoundWork work(int first, int steps) {
    return new RoundWork(Stage.FINETUNING, 0, 1, new StepRange(first, steps, STEPS));
  }

  private static MonaLearner learner(FrozenModel frozen) {
    return new MonaLearner(frozen, TestDevice.floats());
  }

  /** Parameters of each group of a state. */
  private static int[] lengths(FrozenModel frozen) {
    int encoder =
        Math.toIntExact(
            frozen.adapters() == null
                ? frozen.network().layout(ParameterGroup.ENCODER).length()
                : frozen.adapters().layout().length());
    return new int[] {
      Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length()),
      encoder,
      Math.toIntExact(frozen.network().layout(ParameterGroup.HEAD).length())
    };
  }

  private static float[] result(FrozenModel frozen, TrainingState state) {
    return frozen.options().stage(Stage.FINETUNING).result(state, lengths(frozen));
  }

  /** Parameters after each step of a learner that has no average. */
  private static List<float[]> path(SmallLearner plain) {
    FrozenModel frozen = plain.frozen();
    List<float[]> path = new ArrayList<>();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      for (int k = 0; k < STEPS; k++) {
        state = learner.run(work(k, 1), state, BLOCK).state();
        path.add(state.parameters());
      }
    }
    return path;
  }

  /** The definition: m = decay m + (1 - decay) theta, divided by 1 - decay^t. */
  private static double[] definition(List<float[]> path, double decay) {
    double[] average = new double[path.get(0).length];
    double mass = 0;
    for (float[] theta : path) {
      mass = decay * mass + (decay == 1 ? 1 : 1 - decay);
      for (int i = 0; i < average.length; i++) {
        average[i] = decay * average[i] + (decay == 1 ? 1 : 1 - decay) * theta[i];
      }
    }
    for (int i = 0; i < average.length; i++) {
      average[i] /= mass;
    }
    return average;
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, ADAM, 0.7",
    "ALL, SGD, 0.7",
    "ALL, ADAMW, 1",
    "LAYER_NORMS, ADAM, 0.9",
    "ADAPTERS, ADAM, 0.7",
    "ADAPTERS, SGD, 0.3",
    "LAYER_BY_LAYER, ADAM, 0.99"
  })
  void theResultIsTheAverageOverTheStepsAndTheStepsAreThoseWithoutIt(
      Trained trained, Kind kind, double decay) {
    double weightDecay = kind == Kind.ADAMW ? 0.1 : 0;
    List<float[]> path = path(trained.options().optimizer(kind, 0, weightDecay));
    FrozenModel frozen = trained.options().optimizer(kind, 0, weightDecay).average(decay).frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      assertThat(result(frozen, state)).isSameAs(state.parameters());
      state = learner.run(work(0, STEPS), state, BLOCK).state();
      assertThat(state.parameters()).isEqualTo(path.get(STEPS - 1));
      double[] expected = definition(path, decay);
      float[] result = result(frozen, state);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) result[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-6));
      }
      assertThat(result).isNotEqualTo(state.parameters());
    }
  }

  @Test
  void withoutOneTheResultIsTheParameters() {
    FrozenModel frozen = new SmallLearner().frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      state = learner.run(work(0, STEPS), state, BLOCK).state();
      assertThat(state.moments()).hasSize(2 * state.parameters().length);
      assertThat(result(frozen, state)).isSameAs(state.parameters());
    }
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void itIsOfTheFinetuningAlone(Stage stage) {
    FrozenModel frozen = new SmallLearner().average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, stage);
      int copies = stage == Stage.FINETUNING ? 3 : 2;
      assertThat(state.moments()).hasSize(copies * state.parameters().length);
    }
  }

  @ParameterizedTest
  @EnumSource(Trained.class)
  void roundsCutAnywhereComeToTheSameBytes(Trained trained) {
    FrozenModel frozen = trained.options().average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState whole = learner.run(work(0, STEPS), start, BLOCK).state();
      TrainingState carried = start;
      for (int k = 0; k < STEPS; k++) {
        // of another learner, which holds nothing of the rounds before
        try (MonaLearner other = learner(frozen)) {
          carried = other.run(work(k, 1), carried, BLOCK).state();
        }
      }
      assertThat(carried).isEqualTo(whole);
    }
  }

  /** The pretrained values of what is frozen, bit for bit. */
  @Test
  void whatIsFrozenIsItsOwnAverage() {
    FrozenModel frozen = Trained.LAYER_NORMS.options().average(0.9).frozen();
    int from = lengths(frozen)[0];
    float[] theta0 = SmallLearner.WEIGHTS.encoder();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      float[] result = result(frozen, learner.run(work(0, STEPS), state, BLOCK).state());
      for (ParameterLayout.Entry entry :
          frozen.network().layout(ParameterGroup.ENCODER).entries()) {
        int at = (int) entry.offset();
        int to = at + (int) entry.length();
        assertThat(Arrays.equals(theta0, at, to, result, from + at, from + to))
            .as(entry.name())
            .isEqualTo(entry.role() != Role.LAYER_NORM);
      }
    }
  }

  /** The held state is scored by its average, in its own arrays, and is as it was afterwards. */
  @ParameterizedTest
  @EnumSource(Trained.class)
  void aHeldStateIsScoredByItsAverage(Trained trained) {
    FrozenModel frozen = trained.options().average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen);
        MonaLearner other = learner(frozen)) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState expected = learner.run(work(0, STEPS), start, BLOCK).state();
      Held held = learner.hold(Stage.FINETUNING, start);
      assertThat(held.predict(BLOCK))
          .as("before the first step")
          .isEqualTo(other.predict(Stage.FINETUNING, start, BLOCK));
      held.run(work(0, 3), BLOCK, () -> {});
      TrainingState reached = held.save();
      TrainingState scored = new TrainingState(result(frozen, reached), new float[0], 0);
      float[] scores = held.predict(BLOCK);
      assertThat(scores)
          .isEqualTo(other.predict(Stage.FINETUNING, scored, BLOCK))
          .isNotEqualTo(other.predict(Stage.FINETUNING, reached, BLOCK));
      assertThat(held.save()).isEqualTo(reached);
      held.run(work(3, 3), BLOCK, () -> {});
      assertThat(held.save()).isEqualTo(expected);
    }
  }

  /**
   * With the mean of states comes the mean of their results, after different numbers of steps too.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void theMeanOfTwoWorkersIsTheMeanOfTheirAverages(int stepsOfTheSecond) {
    FrozenModel frozen = Trained.LAYER_NORMS.options().average(0.99).frozen();
    SampleBlock other = SmallLearner.block(17);
    try (MonaLearner learner = learner(frozen)) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState one = learner.run(work(0, STEPS), start, BLOCK).state();
      TrainingState two = learner.run(work(0, stepsOfTheSecond), start, other).state();
      float[] moments = mean(one.moments(), two.moments());
      TrainingState mean =
          new TrainingState(mean(one.parameters(), two.parameters()), moments, STEPS);
      float[] result = result(frozen, mean);
      assertThat(result).isEqualTo(mean(result(frozen, one), result(frozen, two)));
      int from = lengths(frozen)[0];
      float[] theta0 = SmallLearner.WEIGHTS.encoder();
      for (ParameterLayout.Entry entry :
          frozen.network().layout(ParameterGroup.ENCODER).entries()) {
        int at = (int) entry.offset();
        int to = at + (int) entry.length();
        assertThat(Arrays.equals(theta0, at, to, result, from + at, from + to))
            .as(entry.name())
            .isEqualTo(entry.role() != Role.LAYER_NORM);
      }
    }
  }

  private static float[] mean(float[] a, float[] b) {
    float[] mean = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      mean[i] = (float) (((double) a[i] + b[i]) / 2);
    }
    return mean;
  }

  /** A step that is dropped counts with the parameters that it leaves. */
  @Test
  void aDroppedStepHasItsShare() {
    float[] features = BLOCK.features().clone();
    Arrays.fill(features, Float.NaN);
    SampleBlock bad = new SampleBlock(BLOCK.ids(), features, BLOCK.labels());
    FrozenModel frozen = new SmallLearner().nonFinite(NonFinite.SKIP).average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState dropped = learner.run(work(0, 2), start, bad).state();
      assertThat(result(frozen, dropped)).isEqualTo(start.parameters());
      TrainingState after = learner.run(work(2, 1), dropped, BLOCK).state();
      List<float[]> path = List.of(start.parameters(), start.parameters(), after.parameters());
      double[] expected = definition(path, DECAY);
      float[] result = result(frozen, after);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) result[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  @Test
  void groupsOfOtherLengthsAreRefused() {
    FrozenModel frozen = new SmallLearner().average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen)) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState state = learner.run(work(0, 1), start, BLOCK).state();
      StageOptions stage = frozen.options().stage(Stage.FINETUNING);
      assertThatThrownBy(() -> stage.result(state, 3, 4)).hasMessageContaining("[3, 4]");
      TrainingState plain = new TrainingState(state.parameters(), new float[0], 0);
      assertThatThrownBy(() -> learner.hold(Stage.FINETUNING, plain))
          .hasMessageContaining("does not fit");
    }
  }

  @Test
  void buffersStopGrowing() {
    FrozenModel frozen = new SmallLearner().average(DECAY).frozen();
    try (MonaLearner learner = learner(frozen)) {
      Held held =
          learner.hold(Stage.FINETUNING, SmallLearner.start(learner, frozen, Stage.FINETUNING));
      held.run(work(0, STEPS), BLOCK, () -> {});
      held.predict(BLOCK);
      long warm = TestDevice.bytesAtRest(TestDevice.floats());
      for (int k = 0; k < 3; k++) {
        held.run(work(0, STEPS), BLOCK, () -> {});
        held.predict(BLOCK);
      }
      assertThat(TestDevice.bytesAtRest(TestDevice.floats()) - warm)
          .isLessThan(Float.BYTES * (long) lengths(frozen)[1]);
    }
  }
}

package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.TestDevice;
import dev.mona.finetuning.TaskStep;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.learner.SmallLearner.Way;
import dev.mona.metalearning.Strength;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rounds are pure functions of their arguments, whatever the instance did before. */
class MonaLearnerTest {
  /** 5 batches of 4 and one of 2. */
  private static final SampleBlock BLOCK = SmallLearner.block(22);

  private static final int STEPS = 6;

  private static RoundWork work(Stage stage, int first, int steps) {
    return new RoundWork(stage, 0, 1, new StepRange(first, steps, STEPS));
  }

  private static TrainingState start(SmallLearner options, Stage stage) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      return SmallLearner.start(learner, frozen, stage);
    }
  }

  /** The state with every parameter moved, as after some other training. */
  private static TrainingState elsewhere(TrainingState state) {
    Random random = new Random(5);
    float[] moved = state.parameters().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (0.1 * random.nextGaussian());
    }
    return new TrainingState(moved, state.moments(), state.iteration());
  }

  @ParameterizedTest
  @CsvSource({
    "WARMUP, EXACT, 1",
    "ALIGNMENT, EXACT, 1",
    "ALIGNMENT, FINITE_DIFFERENCE, 1",
    "ALIGNMENT, GRADIENT_ALIGNMENT, 1",
    "ALIGNMENT, GRADIENT_ALIGNMENT, 3",
    "FINETUNING, EXACT, 1"
  })
  void sameArgumentsGiveTheSameBytesAfterAnyOtherWork(Stage stage, Way estimator, int reuse) {
    SmallLearner options = new SmallLearner().estimator(estimator, reuse);
    TrainingState state = start(options, stage);
    RoundWork work = work(stage, 1, 3);
    RoundResult expected;
    try (MonaLearner fresh = options.create()) {
      expected = fresh.run(work, state, BLOCK);
    }
    try (MonaLearner learner = options.create()) {
      for (Stage other : Stage.values()) {
        TrainingState there = elsewhere(start(options, other));
        learner.run(
            new RoundWork(other, 3, 0, new StepRange(0, 2, STEPS)), there, SmallLearner.block(9));
        learner.predict(other, there, SmallLearner.block(5));
        assertThat(learner.run(work, state, BLOCK)).as("after " + other).isEqualTo(expected);
      }
    }
    assertThat(expected.state().parameters()).isNotEqualTo(state.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "WARMUP, EXACT, ADAM",
    "WARMUP, EXACT, SGD",
    "ALIGNMENT, EXACT, ADAM",
    "ALIGNMENT, FINITE_DIFFERENCE, ADAMW",
    "ALIGNMENT, GRADIENT_ALIGNMENT, ADAM",
    "FINETUNING, EXACT, ADAMW",
    "FINETUNING, EXACT, SGD"
  })
  void oneRoundOfFourStepsIsFourRoundsOfOne(Stage stage, Way estimator, Kind kind) {
    SmallLearner options =
        new SmallLearner().estimator(estimator, 1).optimizer(kind, kind == Kind.SGD ? 0.9 : 0, 0.1);
    TrainingState state = start(options, stage);
    try (MonaLearner learner = options.create()) {
      RoundResult whole = learner.run(work(stage, 2, 4), state, BLOCK);
      TrainingState carried = state;
      long examples = 0;
      for (int k = 0; k < 4; k++) {
        RoundResult part = learner.run(work(stage, 2 + k, 1), carried, BLOCK);
        carried = part.state();
        examples += part.examples();
      }
      assertThat(carried).isEqualTo(whole.state());
      assertThat(carried.iteration()).isEqualTo(4);
      // the last batch of the epoch is partial
      assertThat(examples).isEqualTo(14).isEqualTo(whole.examples());
    }
  }

  @ParameterizedTest
  @EnumSource
  void roundsOnAStateThatIsHeldAreRoundsOnThatState(Stage stage) {
    SmallLearner options = new SmallLearner();
    TrainingState state = start(options, stage);
    try (MonaLearner holding = options.create();
        MonaLearner plain = options.create()) {
      Held held = holding.hold(stage, state);
      TrainingState carried = state;
      for (int k = 0; k < 4; k += 2) {
        RoundResult expected = plain.run(work(stage, k, 2), carried, BLOCK);
        LocalResult found = held.run(work(stage, k, 2), BLOCK, () -> {});
        assertThat(found.examples()).isEqualTo(expected.examples());
        assertThat(found.metrics()).isEqualTo(expected.metrics());
        carried = expected.state();
      }
      assertThat(held.save()).isEqualTo(carried);
      assertThat(held.predict(BLOCK)).isEqualTo(plain.predict(stage, carried, BLOCK));

      Held other = plain.room(stage, carried.parameters().length, carried.moments().length);
      for (int i = 0; i < held.arrays().size(); i++) {
        other.arrays().get(i).put(held.arrays().get(i).toFloats(), 0);
      }
      other.averaged(carried.iteration());
      assertThat(other.save()).isEqualTo(carried);
      assertThat(other.predict(BLOCK)).isEqualTo(held.predict(BLOCK));
      assertThatThrownBy(() -> plain.room(stage, 7, 0)).hasMessageContaining("does not fit");

      holding.predict(stage, state, BLOCK);
      assertThatThrownBy(held::save)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another state since");
    }
  }

  /** One sample of which the network makes NaN. */
  @ParameterizedTest
  @EnumSource
  void aStepThatIsNotFiniteIsDroppedAndTheOthersAreAsEver(Stage stage) {
    SampleBlock bad = SmallLearner.block(22);
    bad.features()[30] = Float.NaN;
    TrainingState state = start(new SmallLearner(), stage);
    try (MonaLearner skipping = new SmallLearner().nonFinite(NonFinite.SKIP).create();
        MonaLearner stopping = new SmallLearner().create()) {
      RoundResult whole = skipping.run(work(stage, 0, STEPS), state, bad);
      assertThat(whole.metrics()).containsEntry(Learner.DROPPED_STEPS, 1.0);
      assertThat(whole.counts())
          .containsEntry(Learner.DROPPED_STEPS, 6L)
          .containsEntry("gradient_norm", 5L);
      assertThat(whole.metrics().values()).allSatisfy(sum -> assertThat(sum).isFinite());
      assertThat(whole.examples()).isEqualTo(22);
      TrainingState carried = state;
      int dropped = 0;
      for (int k = 0; k < STEPS; k++) {
        RoundResult part = skipping.run(work(stage, k, 1), carried, bad);
        TrainingState taken = stopping.run(work(stage, k, 1), carried, bad).state();
        if (part.metrics().getOrDefault(Learner.DROPPED_STEPS, 0.0) == 1) {
          dropped++;
          assertThat(part.metrics()).containsOnlyKeys(Learner.DROPPED_STEPS);
          assertThat(part.state().parameters()).isEqualTo(carried.parameters());
          assertThat(part.state().moments()).isEqualTo(carried.moments());
          assertThat(taken.parameters()).contains(Float.NaN);
        } else {
          assertThat(part.state()).isEqualTo(taken);
        }
        carried = part.state();
      }
      assertThat(dropped).isEqualTo(1);
      assertThat(carried).isEqualTo(whole.state());
      assertThat(carried.iteration()).isEqualTo(STEPS);
      assertThat(stopping.run(work(stage, 0, 1), state, BLOCK).metrics())
          .doesNotContainKey(Learner.DROPPED_STEPS);
    }
  }

  @Test
  void aReusedOuterGradientChangesTheSteps() {
    TrainingState state = start(new SmallLearner(), Stage.ALIGNMENT);
    try (MonaLearner often = new SmallLearner().estimator(Way.GRADIENT_ALIGNMENT, 1).create();
        MonaLearner once = new SmallLearner().estimator(Way.GRADIENT_ALIGNMENT, 2).create()) {
      RoundWork one = work(Stage.ALIGNMENT, 1, 1);
      assertThat(once.run(one, state, BLOCK)).isEqualTo(often.run(one, state, BLOCK));
      RoundWork two = work(Stage.ALIGNMENT, 1, 2);
      assertThat(once.run(two, state, BLOCK).state())
          .isNotEqualTo(often.run(two, state, BLOCK).state());
    }
  }

  /** L_outer is the mean of that of the batches, of which the first is that of a single one. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aStepMayHaveSeveralSourceBatches(Way estimator) {
    SmallLearner options = new SmallLearner().estimator(estimator, 2).sourceBatches(4);
    TrainingState state = start(options, Stage.ALIGNMENT);
    RoundWork round = work(Stage.ALIGNMENT, 1, 4);
    try (MonaLearner several = options.create();
        MonaLearner one = new SmallLearner().estimator(estimator, 2).create()) {
      RoundResult result = several.run(round, state, BLOCK);
      assertThat(mean(result, "outer_agreement")).isBetween(-1.0, 1.0);
      assertThat(result.counts()).containsEntry("align", 4L).containsEntry("uniform", 4L);
      assertThat(several.run(round, state, BLOCK)).isEqualTo(result);
      RoundResult single = one.run(round, state, BLOCK);
      assertThat(single.metrics()).doesNotContainKey("outer_agreement");
      assertThat(result.state()).isNotEqualTo(single.state());
      assertThat(mean(result, "align")).isCloseTo(mean(single, "align"), within(0.5));
    }
  }

  @Test
  void theStateThatIsGivenStaysAsItIs() {
    for (Stage stage : Stage.values()) {
      SmallLearner options = new SmallLearner();
      TrainingState state = start(options, stage);
      TrainingState copy =
          new TrainingState(state.parameters().clone(), state.moments().clone(), 0);
      try (MonaLearner learner = options.create()) {
        learner.run(work(stage, 0, 2), state, BLOCK);
      }
      assertThat(state).as(stage.id()).isEqualTo(copy);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"WARMUP", "ALIGNMENT"})
  void warmupAndAlignmentLeaveTheEncoderAsPretrained(Stage stage) {
    SmallLearner options = new SmallLearner();
    FrozenModel frozen = options.frozen();
    TrainingState state = start(options, stage);
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      learner.run(work(stage, 0, 1), state, BLOCK);
      TrainingState finetuning = start(options, Stage.FINETUNING);
      learner.run(work(Stage.FINETUNING, 0, 2), elsewhere(finetuning), BLOCK);
      TrainingState after = learner.run(work(stage, 0, 4), state, BLOCK).state();
      // under theta_0, by another path
      ParameterSet parameters = frozen.network().zeros(TestDevice.floats());
      int n = Math.toIntExact(parameters.embedder().length());
      parameters.embedder().assign(Arrays.copyOf(after.parameters(), n));
      parameters.encoder().assign(SmallLearner.WEIGHTS.encoder());
      parameters
          .head()
          .assign(Arrays.copyOfRange(after.parameters(), n, after.parameters().length));
      try (TaskStep step = new TaskStep(frozen.network(), parameters)) {
        assertThat(learner.predict(stage, after, SmallLearner.block(3)))
            .containsExactly(step.logits(SmallLearner.block(3), parameters));
      }
    }
  }

  @Test
  void finetuningAfterAlignmentStartsFromItsState() {
    SmallLearner options = new SmallLearner();
    TrainingState state = elsewhere(start(options, Stage.FINETUNING));
    RoundWork work = work(Stage.FINETUNING, 0, 2);
    try (MonaLearner learner = options.create();
        MonaLearner fresh = options.create()) {
      learner.run(work(Stage.ALIGNMENT, 0, 2), start(options, Stage.ALIGNMENT), BLOCK);
      assertThat(learner.run(work, state, BLOCK)).isEqualTo(fresh.run(work, state, BLOCK));
      assertThat(learner.predict(Stage.FINETUNING, state, BLOCK))
          .isNotEqualTo(learner.predict(Stage.FINETUNING, start(options, Stage.FINETUNING), BLOCK));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"WARMUP", "FINETUNING"})
  void accumulatedBatchesEqualOneLargeBatch(Stage stage) {
    SmallLearner small =
        new SmallLearner().optimizer(Kind.SGD, 0, 0).batch(4, 2).constantRate().clipNorm(0);
    SmallLearner large =
        new SmallLearner().optimizer(Kind.SGD, 0, 0).batch(8, 1).constantRate().clipNorm(0);
    TrainingState state = start(small, stage);
    // 8, 8, and 6 as 4 + 2
    RoundWork work = work(stage, 0, 3);
    try (MonaLearner a = small.create();
        MonaLearner b = large.create()) {
      RoundResult accumulated = a.run(work, state, BLOCK);
      RoundResult whole = b.run(work, state, BLOCK);
      assertThat(accumulated.examples()).isEqualTo(22).isEqualTo(whole.examples());
      assertThat(accumulated.state().iteration()).isEqualTo(3).isEqualTo(whole.state().iteration());
      assertThat(accumulated.state().parameters())
          .containsExactly(whole.state().parameters(), within(2e-6f));
      assertThat(whole.state().parameters()).isNotEqualTo(state.parameters());
      assertThat(mean(accumulated, "loss")).isCloseTo(mean(whole, "loss"), within(1e-6));
      assertThat(mean(accumulated, "gradient_norm"))
          .isCloseTo(mean(whole, "gradient_norm"), within(1e-5));
    }
  }

  /** Its masks belong to samples and epochs, not to the batches in which they are seen. */
  @Test
  void dropoutIsTheSameInBatchesOfAnySize() {
    SmallLearner small =
        new SmallLearner().optimizer(Kind.SGD, 0, 0).batch(4, 2).constantRate().dropout(0.2);
    SmallLearner large =
        new SmallLearner().optimizer(Kind.SGD, 0, 0).batch(8, 1).constantRate().dropout(0.2);
    TrainingState state = start(small, Stage.FINETUNING);
    RoundWork work = work(Stage.FINETUNING, 0, 3);
    try (MonaLearner a = small.create();
        MonaLearner b = large.create()) {
      RoundResult first = a.run(work, state, BLOCK);
      assertThat(first.state().parameters())
          .containsExactly(b.run(work, state, BLOCK).state().parameters(), within(2e-6f));
      RoundWork second = new RoundWork(Stage.FINETUNING, 1, 1, new StepRange(0, 3, STEPS));
      assertThat(mean(a.run(work, state, BLOCK), "loss")).isEqualTo(mean(first, "loss"));
      assertThat(mean(a.run(second, state, BLOCK), "loss")).isNotEqualTo(mean(first, "loss"));
    }
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void dropoutIsForStepsOfFinetuningOnly(Stage stage) {
    SmallLearner with = new SmallLearner().dropout(0.2);
    SmallLearner without = new SmallLearner();
    TrainingState state = start(with, stage);
    try (MonaLearner a = with.create();
        MonaLearner b = without.create()) {
      RoundResult dropped = a.run(work(stage, 0, 2), state, BLOCK);
      RoundResult kept = b.run(work(stage, 0, 2), state, BLOCK);
      assertThat(dropped.equals(kept)).isEqualTo(stage != Stage.FINETUNING);
      assertThat(a.predict(stage, state, BLOCK)).containsExactly(b.predict(stage, state, BLOCK));
    }
  }

  private static double mean(RoundResult result, String metric) {
    return result.metrics().getOrDefault(metric, Double.NaN)
        / result.counts().getOrDefault(metric, 0L);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void aPartitionSmallerThanTheRoundRunsOut(Stage stage) {
    SmallLearner options = new SmallLearner();
    TrainingState state = start(options, stage);
    SampleBlock five = SmallLearner.block(5);
    try (MonaLearner learner = options.create()) {
      RoundResult ten = learner.run(work(stage, 0, 10), state, five);
      assertThat(ten).isEqualTo(learner.run(work(stage, 0, 2), state, five));
      assertThat(ten.examples()).isEqualTo(5);
      assertThat(ten.state().iteration()).isEqualTo(2);
      RoundResult none = learner.run(work(stage, 2, 4), state, five);
      assertThat(none.examples()).isEqualTo(0);
      assertThat(none.state()).isEqualTo(state);
      assertThat(none.metrics()).isEmpty();
    }
  }

  @Test
  void metricsHaveTheirNames() {
    SmallLearner options = new SmallLearner();
    try (MonaLearner learner = options.create()) {
      for (Stage stage : Stage.values()) {
        RoundResult result = learner.run(work(stage, 4, 2), start(options, stage), BLOCK);
        List<String> names =
            stage == Stage.ALIGNMENT
                ? List.of(
                    "loss",
                    "align",
                    "uniform",
                    "cosine",
                    "inner_gradient_norm",
                    "outer_gradient_norm",
                    "mixed_ratio",
                    "gradient_norm")
                : List.of("loss", "gradient_norm");
        assertThat(result.metrics().keySet()).containsExactlyElementsOf(names);
        assertThat(result.counts().keySet()).containsExactlyElementsOf(names);
        assertThat(result.partition()).isEqualTo(1);
        // 4 + 2 examples in 2 steps
        assertThat(result.counts()).containsEntry("loss", 6L).containsEntry("gradient_norm", 2L);
        assertThat(result.metrics().values()).allSatisfy(value -> assertThat(value).isFinite());
      }
    }
  }

  static Stream<Strength> strengths() {
    return Stream.of(SmallLearner.LAMBDA, SmallLearner.RATIO);
  }

  @ParameterizedTest
  @MethodSource("strengths")
  void theMixedRatioIsWhatWasAskedForInModeRatioOnly(Strength strength) {
    SmallLearner options = new SmallLearner().strength(strength);
    try (MonaLearner learner = options.create()) {
      RoundResult result =
          learner.run(work(Stage.ALIGNMENT, 0, 3), start(options, Stage.ALIGNMENT), BLOCK);
      double off = Math.abs(mean(result, "mixed_ratio") - 1);
      if (strength instanceof Strength.Ratio) {
        assertThat(off).isLessThan(1e-5);
      } else {
        assertThat(off).isGreaterThan(1e-2);
      }
    }
  }

  @Test
  void aStepOfRateZeroFillsTheMomentsOnly() {
    // the first step of a warm-up has rate 0
    SmallLearner options = new SmallLearner();
    for (Stage stage : Stage.values()) {
      TrainingState state = start(options, stage);
      try (MonaLearner learner = options.create()) {
        RoundResult result = learner.run(work(stage, 0, 1), state, BLOCK);
        assertThat(result.state().parameters()).containsExactly(state.parameters());
        assertThat(result.state().moments()).isNotEqualTo(state.moments());
        assertThat(result.state().iteration()).isEqualTo(1);
      }
    }
  }

  /** A run that goes on with other workers has counted steps of another size. */
  @Test
  void theRateFollowsTheEpochsAndNotTheCountOfSteps() {
    SmallLearner options = new SmallLearner().optimizer(Kind.SGD, 0, 0);
    TrainingState state = start(options, Stage.FINETUNING);
    TrainingState counted = new TrainingState(state.parameters(), state.moments(), 1000);
    try (MonaLearner learner = options.create()) {
      TrainingState first = learner.run(work(Stage.FINETUNING, 0, 1), state, BLOCK).state();
      TrainingState later = learner.run(work(Stage.FINETUNING, 1, 1), state, BLOCK).state();
      TrainingState same = learner.run(work(Stage.FINETUNING, 1, 1), counted, BLOCK).state();
      assertThat(same.parameters()).isEqualTo(later.parameters()).isNotEqualTo(first.parameters());
      assertThat(same.iteration()).isEqualTo(1001);
    }
  }

  @Test
  void scoresAreTheLogitsOfTheNetworkInTheOrderOfTheBlock() {
    SmallLearner options = new SmallLearner();
    FrozenModel frozen = options.frozen();
    TrainingState state = elsewhere(start(options, Stage.FINETUNING));
    ParameterSet parameters = frozen.network().zeros(TestDevice.floats());
    int at = 0;
    for (ParameterGroup group : ParameterGroup.values()) {
      int n = Math.toIntExact(parameters.get(group).length());
      parameters.get(group).assign(Arrays.copyOfRange(state.parameters(), at, at + n));
      at += n;
    }
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats());
        TaskStep step = new TaskStep(frozen.network(), parameters)) {
      float[] scores = learner.predict(Stage.FINETUNING, state, BLOCK);
      assertThat(scores).hasSize(22 * 3);
      for (int i = 0; i < BLOCK.size(); i++) {
        float[] one = step.logits(BLOCK.select(new int[] {i}), parameters);
        assertThat(Arrays.copyOfRange(scores, 3 * i, 3 * i + 3))
            .as("sample " + i)
            .containsExactly(one, within(1e-5f));
      }
      assertThat(learner.predict(Stage.FINETUNING, state, SmallLearner.block(0))).isEmpty();
    }
  }

  @Test
  void refusesAStateOfAnotherStage() {
    SmallLearner options = new SmallLearner();
    try (MonaLearner learner = options.create()) {
      TrainingState state = start(options, Stage.WARMUP);
      assertThatThrownBy(() -> learner.run(work(Stage.FINETUNING, 0, 1), state, BLOCK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not fit stage finetuning");
      TrainingState later = start(options, Stage.FINETUNING);
      assertThatThrownBy(() -> learner.run(work(Stage.WARMUP, 0, 1), later, BLOCK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not fit stage warmup");
    }
  }
}

package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Finetuning with adapters in place of the encoder. */
class LoraTest {
  private static final LoraOptions LORA = new LoraOptions(2, 1.5, Projections.QUERY_VALUE);
  private static final SampleBlock BLOCK = SmallLearner.block(22);

  /** 5 batches of 4 and one of 2. */
  private static RoundWork work(int first, int steps) {
    return new RoundWork(Stage.FINETUNING, 0, 1, new StepRange(first, steps, 6));
  }

  private static SmallLearner lora() {
    return new SmallLearner().lora(LORA).constantRate();
  }

  private static LowRankAdapters adapters(FrozenModel frozen) {
    return Objects.requireNonNull(frozen.adapters());
  }

  /** Parameters of a state with another encoder's values in the place of its own. */
  private static float[] with(FrozenModel frozen, float[] state, float[] encoder) {
    int from = embedder(frozen);
    int head = Math.toIntExact(frozen.network().layout(ParameterGroup.HEAD).length());
    float[] whole = new float[from + encoder.length + head];
    System.arraycopy(state, 0, whole, 0, from);
    System.arraycopy(encoder, 0, whole, from, encoder.length);
    System.arraycopy(state, state.length - head, whole, whole.length - head, head);
    return whole;
  }

  private static int embedder(FrozenModel frozen) {
    return Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
  }

  private static float[] factors(FrozenModel frozen, float[] state) {
    int from = embedder(frozen);
    int length = Math.toIntExact(adapters(frozen).layout().length());
    return Arrays.copyOfRange(state, from, from + length);
  }

  private static TrainingState moved(TrainingState state) {
    Random random = new Random(5);
    float[] moved = state.parameters().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (0.1 * random.nextGaussian());
    }
    return new TrainingState(moved, state.moments(), state.iteration());
  }

  @Test
  void theStateIsEmbedderAdaptersAndHead() {
    FrozenModel frozen = lora().frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      long expected =
          frozen.network().layout(ParameterGroup.EMBEDDER).length()
              + 2 * 2 * 2 * 2 * 24
              + frozen.network().layout(ParameterGroup.HEAD).length();
      assertThat(state.parameters()).hasSize((int) expected);
      assertThat(state.moments()).hasSize((int) (2 * expected));
      Held held = learner.hold(Stage.FINETUNING, state);
      assertThat(held.parameters().stream().mapToLong(part -> part.length()).sum())
          .isEqualTo(expected);
      assertThatThrownBy(
              () ->
                  learner.hold(Stage.FINETUNING, new TrainingState(new float[3], new float[6], 0)))
          .hasMessageContaining("does not fit");
    }
  }

  /**
   * B = 0: the same predictions bit for bit, and the first step moves B, embedder and head only.
   */
  @Test
  void atZeroItIsTheFrozenEncoder() {
    FrozenModel frozen = lora().optimizer(Kind.SGD, 0, 0).batch(22, 1).clipNorm(0).frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      TrainingState frozenState = SmallLearner.start(learner, frozen, Stage.WARMUP);
      assertThat(learner.predict(Stage.FINETUNING, state, BLOCK))
          .isEqualTo(learner.predict(Stage.WARMUP, frozenState, BLOCK));

      StepRange one = new StepRange(0, 1, 1);
      float[] after =
          learner
              .run(new RoundWork(Stage.FINETUNING, 0, 0, one), state, BLOCK)
              .state()
              .parameters();
      float[] expected =
          learner
              .run(new RoundWork(Stage.WARMUP, 0, 0, one), frozenState, BLOCK)
              .state()
              .parameters();
      float[] around = with(frozen, after, new float[0]);
      // the samples of the batch come in another order
      for (int i = 0; i < expected.length; i++) {
        assertThat(around[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-5f));
      }
      float[] before = factors(frozen, state.parameters());
      float[] factors = factors(frozen, after);
      adapters(frozen)
          .layout()
          .entries()
          .forEach(
              entry -> {
                int from = (int) entry.offset();
                int to = from + (int) entry.length();
                boolean up = entry.name().endsWith(".lora_B.weight");
                assertThat(Arrays.equals(before, from, to, factors, from, to))
                    .as(entry.name())
                    .isEqualTo(!up);
              });
    }
  }

  /** With A = B = 0 no gradient reaches the adapters. */
  @Test
  void adaptersThatAreBothZeroStayWhereTheyAre() {
    FrozenModel frozen = lora().frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      int length = Math.toIntExact(adapters(frozen).layout().length());
      float[] zeros = with(frozen, start.parameters(), new float[length]);
      TrainingState state = learner.initialState(Stage.FINETUNING, zeros);
      float[] after = learner.run(work(0, 6), state, BLOCK).state().parameters();
      assertThat(factors(frozen, after)).containsOnly(0);
      assertThat(after).isNotEqualTo(zeros);
    }
  }

  @Test
  void theMergedModelPredictsTheSame() {
    FrozenModel frozen = lora().frozen();
    FrozenModel plain = new SmallLearner().frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats());
        MonaLearner other = new MonaLearner(plain, TestDevice.floats())) {
      TrainingState state = moved(SmallLearner.start(learner, frozen, Stage.FINETUNING));
      state = learner.run(work(0, 6), state, BLOCK).state();
      float[] encoder = frozen.encoder(factors(frozen, state.parameters()));
      assertThat(encoder).isNotEqualTo(SmallLearner.WEIGHTS.encoder());
      float[] whole = with(frozen, state.parameters(), encoder);
      float[] merged =
          other.predict(Stage.FINETUNING, other.initialState(Stage.FINETUNING, whole), BLOCK);
      float[] unmerged = learner.predict(Stage.FINETUNING, state, BLOCK);
      for (int i = 0; i < merged.length; i++) {
        assertThat(unmerged[i]).isCloseTo(merged[i], within(1e-5f));
      }
    }
  }

  @Test
  void roundsAreFunctionsOfTheirArguments() {
    TrainingState state;
    FrozenModel frozen = lora().frozen();
    RoundResult expected;
    try (MonaLearner fresh = new MonaLearner(frozen, TestDevice.floats())) {
      state = SmallLearner.start(fresh, frozen, Stage.FINETUNING);
      expected = fresh.run(work(2, 4), state, BLOCK);
    }
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      for (Stage other : Stage.values()) {
        TrainingState there = moved(SmallLearner.start(learner, frozen, other));
        learner.run(
            new RoundWork(other, 3, 0, new StepRange(0, 2, 6)), there, SmallLearner.block(9));
        learner.predict(other, there, SmallLearner.block(5));
        assertThat(learner.run(work(2, 4), state, BLOCK)).as("after " + other).isEqualTo(expected);
      }
      TrainingState carried = state;
      for (int k = 0; k < 4; k++) {
        carried = learner.run(work(2 + k, 1), carried, BLOCK).state();
      }
      assertThat(carried).isEqualTo(expected.state());
    }
  }

  /** Frozen stages run on the pretrained encoder, whatever the adapters of a finetuning are. */
  @Test
  void adaptersDoNotReachTheOtherStages() {
    FrozenModel frozen = lora().frozen();
    for (Stage stage : List.of(Stage.WARMUP, Stage.ALIGNMENT)) {
      RoundWork round = new RoundWork(stage, 0, 0, new StepRange(0, 2, 6));
      try (MonaLearner plain = new SmallLearner().constantRate().create();
          MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
        TrainingState finetuning = SmallLearner.start(learner, frozen, Stage.FINETUNING);
        learner.run(work(0, 3), moved(finetuning), BLOCK);
        TrainingState state = SmallLearner.start(learner, frozen, stage);
        assertThat(learner.run(round, state, BLOCK)).isEqualTo(plain.run(round, state, BLOCK));
      }
    }
  }

  @Test
  void theGradientNormIsThatOfTheTrainedParameters() {
    FrozenModel frozen = lora().optimizer(Kind.SGD, 0, 0).clipNorm(0).frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = moved(SmallLearner.start(learner, frozen, Stage.FINETUNING));
      RoundResult result = learner.run(work(0, 1), state, BLOCK);
      double squares = 0;
      for (int i = 0; i < state.parameters().length; i++) {
        double move = state.parameters()[i] - (double) result.state().parameters()[i];
        squares += move * move;
      }
      double norm = result.metrics().getOrDefault("gradient_norm", Double.NaN);
      assertThat(Math.sqrt(squares) / 0.01).isCloseTo(norm, within(1e-3 * norm));
    }
  }

  @Test
  void buffersStopGrowing() {
    FrozenModel frozen = lora().frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      state = learner.run(work(0, 6), state, BLOCK).state();
      state = learner.run(work(0, 6), state, BLOCK).state();
      long warm = learner.allocated();
      learner.run(work(0, 6), state, BLOCK);
      assertThat(learner.allocated()).isEqualTo(warm);
    }
  }

  @Test
  void adaptersAndAScopeExcludeEachOther() {
    assertThatThrownBy(() -> new FinetuningOptions(FinetuneScope.LAYER_NORM, 0, 0, 1, LORA))
        .hasMessageContaining("adapters");
    assertThatThrownBy(() -> new LoraOptions(0, 1, Projections.ALL)).hasMessageContaining("rank");
    assertThatThrownBy(() -> new LoraOptions(1, Double.NaN, Projections.ALL))
        .hasMessageContaining("scale");
  }
}

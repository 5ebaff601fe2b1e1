package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import dev.mona.learner.BatchFeed.Batches;
import dev.mona.learner.SmallLearner.Way;
import dev.mona.metalearning.Strength;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds of an alignment with the options of the virtual step. */
class VirtualStepTest {
  private static final SampleBlock BLOCK = SmallLearner.block(22);
  private static final int STEPS = 6;

  /** What is turned on. */
  enum Option {
    PRECONDITIONED {
      @Override
      SmallLearner in(SmallLearner options) {
        return options.preconditioned();
      }
    },
    HELD_OUT {
      @Override
      SmallLearner in(SmallLearner options) {
        return options.heldOut();
      }
    },
    NEW_BATCHES {
      @Override
      SmallLearner in(SmallLearner options) {
        return options.virtualSteps(2, true);
      }
    },
    ALL {
      @Override
      SmallLearner in(SmallLearner options) {
        return options.preconditioned().heldOut().virtualSteps(2, true);
      }
    };

    abstract SmallLearner in(SmallLearner options);

    SmallLearner on() {
      return in(new SmallLearner());
    }
  }

  private static RoundWork work(int first, int steps) {
    return new RoundWork(Stage.ALIGNMENT, 0, 1, new StepRange(first, steps, STEPS));
  }

  private static TrainingState start(SmallLearner options, Stage stage) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      return SmallLearner.start(learner, frozen, stage);
    }
  }

  private static RoundResult run(SmallLearner options, int steps) {
    TrainingState state = start(options, Stage.ALIGNMENT);
    try (MonaLearner learner = options.create()) {
      return learner.run(work(0, steps), state, BLOCK);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itLeadsElsewhere(Option option) {
    RoundResult plain = run(new SmallLearner().constantRate(), 2);
    RoundResult other = run(option.in(new SmallLearner().constantRate()), 2);
    assertThat(other.state().parameters()).isNotEqualTo(plain.state().parameters());
    assertThat(other.metrics().values()).allSatisfy(sum -> assertThat(sum).isFinite());
    boolean heldOut = option == Option.HELD_OUT || option == Option.ALL;
    assertThat(other.metrics().containsKey("held_out_loss")).isEqualTo(heldOut);
    assertThat(other.metrics().containsKey("uniform")).isNotEqualTo(heldOut);
  }

  /** Of an encoder that the stage does not train, so none of its parameters is in the state. */
  @ParameterizedTest
  @EnumSource
  void theStateHoldsTheSquaresBehindTheMoments(Option option) {
    TrainingState plain = start(new SmallLearner(), Stage.ALIGNMENT);
    TrainingState state = start(option.on(), Stage.ALIGNMENT);
    boolean kept = option == Option.PRECONDITIONED || option == Option.ALL;
    int encoder = SmallLearner.WEIGHTS.encoder().length;
    assertThat(state.parameters()).isEqualTo(plain.parameters());
    assertThat(state.moments().length - plain.moments().length).isEqualTo(kept ? encoder + 1 : 0);
    assertThat(state.moments()).containsOnly(0);
    for (Stage stage : List.of(Stage.WARMUP, Stage.FINETUNING)) {
      assertThat(start(option.on(), stage)).isEqualTo(start(new SmallLearner(), stage));
    }
    float[] after = run(option.on(), 3).state().moments();
    if (kept) {
      float[] squares = Arrays.copyOfRange(after, plain.moments().length, after.length - 1);
      for (float square : squares) {
        assertThat(square).isNotNegative();
      }
      assertThat(IntStream.range(0, squares.length).filter(i -> squares[i] > 0).count())
          .isGreaterThan(squares.length / 2);
      assertThat(after[after.length - 1]).isCloseTo(1 - 0.9f * 0.9f * 0.9f, within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneRoundOfFourStepsIsFourRoundsOfOne(Option option) {
    for (int accumulation : new int[] {1, 2}) {
      SmallLearner options = option.in(new SmallLearner().batch(4 / accumulation, accumulation));
      TrainingState carried = start(options, Stage.ALIGNMENT);
      try (MonaLearner learner = options.create()) {
        RoundResult whole = learner.run(work(2, 4), carried, BLOCK);
        for (int k = 0; k < 4; k++) {
          carried = learner.run(work(2 + k, 1), carried, BLOCK).state();
          // other work in between, which takes the arrays of the moments, as after a resume
          learner.run(
              new RoundWork(Stage.FINETUNING, 1, 0, new StepRange(0, 1, STEPS)),
              start(options, Stage.FINETUNING),
              SmallLearner.block(9));
        }
        assertThat(carried).isEqualTo(whole.state());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStateMovesFromLearnerToLearnerByItsArrays(Option option) {
    SmallLearner options = option.on();
    TrainingState state = start(options, Stage.ALIGNMENT);
    try (MonaLearner one = options.create();
        MonaLearner other = options.create()) {
      Held held = one.hold(Stage.ALIGNMENT, state);
      held.run(work(0, 2), BLOCK, () -> {});
      Held room = other.room(Stage.ALIGNMENT, state.parameters().length, state.moments().length);
      List<Array> from = held.arrays();
      List<Array> to = room.arrays();
      assertThat(to).hasSameSizeAs(from);
      for (int i = 0; i < from.size(); i++) {
        to.get(i).put(from.get(i).toFloats(), 0);
      }
      room.averaged(held.iteration());
      held.run(work(2, 2), BLOCK, () -> {});
      room.run(work(2, 2), BLOCK, () -> {});
      assertThat(room.save()).isEqualTo(held.save());
    }
  }

  /** A sample that is not finite drops a step, and the squares stay as they were. */
  @Test
  void aDroppedStepLeavesTheSquares() {
    SmallLearner options = new SmallLearner().preconditioned().nonFinite(NonFinite.SKIP);
    TrainingState state = run(options, 2).state();
    float[] features = BLOCK.features().clone();
    Arrays.fill(features, Float.NaN);
    SampleBlock bad = new SampleBlock(BLOCK.ids(), features, BLOCK.labels());
    try (MonaLearner learner = options.create();
        MonaLearner other = options.create()) {
      TrainingState after = learner.run(work(2, 1), state, bad).state();
      assertThat(after.moments()).isEqualTo(state.moments());
      assertThat(after.parameters()).isEqualTo(state.parameters());
      // and the next one is the one that would have been
      assertThat(learner.run(work(3, 1), state, BLOCK))
          .isEqualTo(other.run(work(3, 1), state, BLOCK));
    }
  }

  /** {@code warmup-finetune}: the outer signal is all that is missing. */
  @ParameterizedTest
  @EnumSource
  void atStrengthZeroTheParametersAreThoseOfPlainSteps(Option option) {
    Strength none = SmallLearner.RATIO.none();
    RoundResult plain = run(new SmallLearner().strength(none), 3);
    RoundResult other = run(option.on().strength(none), 3);
    assertThat(other.state().parameters()).isEqualTo(plain.state().parameters());
  }

  @ParameterizedTest
  @CsvSource({"FINITE_DIFFERENCE, 1", "GRADIENT_ALIGNMENT, 1", "GRADIENT_ALIGNMENT, 2"})
  void everyWayToTheMixedTermTakesTheDiagonal(Way way, int reuse) {
    SmallLearner options = new SmallLearner().constantRate().estimator(way, reuse);
    RoundResult plain = run(options, 3);
    RoundResult other = run(options.preconditioned(), 3);
    assertThat(other.state().parameters()).isNotEqualTo(plain.state().parameters());
    assertThat(other.metrics().values()).allSatisfy(sum -> assertThat(sum).isFinite());
  }

  /** In one window and in several, wherever a round begins. */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "10, 1"})
  void theBatchesBesideOneAreOthersOfThePartition(int blocks, int atOnce) {
    int[] sizes = IntStream.generate(() -> 60 / blocks).limit(blocks).toArray();
    SmallLearner options = Option.ALL.on();
    List<List<Long>> whole = beside(options, new ManySamples(sizes, 3, atOnce), 0, 15);
    List<List<Long>> parts = new ArrayList<>();
    for (int k = 0; k < 15; k += 5) {
      parts.addAll(beside(options, new ManySamples(sizes, 3, atOnce), k, 5));
    }
    assertThat(parts).isEqualTo(whole).hasSize(45);
    for (int k = 0; k < 45; k += 3) {
      Set<Long> ids = new HashSet<>();
      whole.subList(k, k + 3).forEach(ids::addAll);
      assertThat(ids).hasSize(12);
    }
  }

  private static List<List<Long>> beside(
      SmallLearner options, ManySamples samples, int first, int count) {
    List<List<Long>> ids = new ArrayList<>();
    RoundWork work = new RoundWork(Stage.ALIGNMENT, 0, 0, new StepRange(first, count, 15));
    try (BatchFeed feed = new BatchFeed(options.frozen().options());
        Batches batches = feed.of(work, samples)) {
      while (batches.ofStep() > 0) {
        List<SampleBlock> all = new ArrayList<>(List.of(batches.next()));
        all.addAll(batches.beside());
        for (SampleBlock batch : all) {
          ids.add(Arrays.stream(batch.ids()).boxed().toList());
          for (int s = 0; s < batch.size(); s++) {
            assertThat(batch.features()[3 * s]).isEqualTo((float) batch.ids()[s]);
          }
        }
      }
    }
    return ids;
  }

  @Test
  void aPartitionWithoutASecondBatchSaysSo() {
    SmallLearner options = new SmallLearner().heldOut();
    TrainingState state = start(options, Stage.ALIGNMENT);
    try (MonaLearner learner = options.create()) {
      assertThatThrownBy(() -> learner.run(work(0, 1), state, SmallLearner.block(4)))
          .hasMessageContaining("a partition of 4 samples has 0 beside a batch of 4");
      learner.run(work(0, 2), state, SmallLearner.block(5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void buffersStopGrowing(Option option) {
    SmallLearner options = option.on();
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.ALIGNMENT);
      long warm = 0;
      for (int epoch = 0; epoch < 7; epoch++) {
        RoundWork work = new RoundWork(Stage.ALIGNMENT, epoch, 0, new StepRange(0, STEPS, STEPS));
        state = learner.run(work, state, BLOCK).state();
        if (epoch == 2) {
          warm = learner.allocated();
        }
      }
      assertThat(learner.allocated()).isEqualTo(warm);
    }
  }

  /** Of the groups that the stage trains, and of what it keeps of the encoder. */
  @Test
  void theMomentsAreOneArrayAGroup() {
    SmallLearner options = new SmallLearner().preconditioned();
    try (MonaLearner learner = options.create()) {
      Held held = learner.hold(Stage.ALIGNMENT, start(options, Stage.ALIGNMENT));
      List<Long> lengths = held.moments().stream().map(Array::length).toList();
      FrozenModel frozen = options.frozen();
      assertThat(lengths)
          .containsExactly(
              2 * frozen.network().layout(ParameterGroup.EMBEDDER).length(),
              2 * frozen.network().layout(ParameterGroup.HEAD).length(),
              frozen.network().layout(ParameterGroup.ENCODER).length() + 1);
    }
  }
}

package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.IdleLearner;
import dev.mona.learner.Learner;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LearnerPoolTest {
  private final int before = IdleLearner.OPEN.get();

  @BeforeEach
  @AfterEach
  void nothingOpen() {
    assertThat(open()).isZero();
  }

  private int open() {
    return IdleLearner.OPEN.get() - before;
  }

  @Test
  void aLearnerStaysWarmUntilItsJobEnds() {
    List<Learner> seen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      LearnerPool.of("warm", IdleLearner::new).use(seen::add);
    }
    assertThat(seen).containsOnly(seen.get(0));
    assertThat(open()).isEqualTo(1);
    LearnerPool.close("another");
    assertThat(open()).isEqualTo(1);
    LearnerPool.close("warm");
  }

  @Test
  void tasksAtTheSameTimeGetLearnersOfTheirOwnAndIdleOnesAreBounded() {
    LearnerPool pool = new LearnerPool(IdleLearner::new, 1);
    pool.use(first -> pool.use(second -> assertThat(second).isNotSameAs(first)));
    assertThat(open()).as("kept idle").isEqualTo(1);
    pool.use(
        kept -> {
          assertThat(open()).as("the kept one is lent again").isEqualTo(1);
          return kept;
        });
    LearnerPool.of("bounded", IdleLearner::new)
        .use(
            busy -> {
              LearnerPool.close("bounded");
              assertThat(open()).as("a busy learner is not closed").isEqualTo(2);
              return busy;
            });
    assertThat(open()).as("it is when it comes back").isEqualTo(1);
    pool.drain();
  }

  /** It comes to who asks for its state, and to others only when there is no learner without. */
  @Test
  void aLearnerKeepsItsStateUntilItIsNeededOtherwise() {
    LearnerPool pool = new LearnerPool(IdleLearner::new, 2);
    TrainingState state = new TrainingState(new float[] {1, 2}, new float[0], 3);
    Learner holder =
        pool.useHolding(
            "one",
            lent -> {
              assertThat(lent.holds("one")).isFalse();
              lent.hold(Stage.WARMUP, state);
              lent.name("one");
              return lent.learner();
            });
    Learner other =
        pool.useHolding("one", first -> pool.useHolding("one", second -> second.learner()));
    assertThat(other).isNotSameAs(holder);
    assertThat(pool.<Learner>use(learner -> learner)).isSameAs(other);
    pool.useHolding(
        "one",
        lent -> {
          assertThat(lent.learner()).isSameAs(holder);
          assertThat(lent.holds("one")).isTrue();
          assertThat(lent.held().save()).isEqualTo(state);
          return 0;
        });
    pool.use(first -> pool.use(second -> second));
    pool.useHolding(
        "one",
        lent -> {
          assertThat(lent.holds("one")).as("it was lent for something else").isFalse();
          return 0;
        });
    pool.drain();
  }

  @Test
  void aLearnerThatFailedIsNotUsedAgain() {
    LearnerPool pool = LearnerPool.of("failing", IdleLearner::new);
    assertThatThrownBy(
            () ->
                pool.use(
                    learner -> {
                      throw new IllegalStateException("half-written");
                    }))
        .hasMessage("half-written");
    assertThat(open()).isZero();
    LearnerPool.close("failing");
  }

  @Test
  void aStragglerDoesNotReopenAJobThatEnded() {
    LearnerPool.close("ended");
    LearnerPool.of("ended", IdleLearner::new).use(learner -> learner);
    assertThat(open()).isZero();
  }
}

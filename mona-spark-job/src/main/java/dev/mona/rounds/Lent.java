package dev.mona.rounds;

import dev.mona.compute.Collective;
import dev.mona.compute.OuterShare;
import dev.mona.learner.Held;
import dev.mona.learner.Learner;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import org.jspecify.annotations.Nullable;

/** A learner of a {@link LearnerPool}, with the state that it may still hold from before. */
final class Lent {
  private final Learner learner;
  private @Nullable Held held;
  private @Nullable String name;
  private @Nullable OuterShare share;

  Lent(Learner learner) {
    this.learner = learner;
  }

  Learner learner() {
    return learner;
  }

  /** Whether it holds the state of a name. */
  boolean holds(String state) {
    return held != null && state.equals(name);
  }

  /** Whether it holds any. */
  boolean holdsAny() {
    return name != null;
  }

  /** The state that it holds. */
  Held held() {
    if (held == null) {
      throw new IllegalStateException("the learner holds no state");
    }
    return held;
  }

  /** Gives it a state, which has no name yet. */
  Held hold(Stage stage, TrainingState state) {
    forget();
    Held taken = learner.hold(stage, state);
    held = taken;
    return taken;
  }

  /** Gives it room for a state of some size, to be filled. */
  Held room(Stage stage, int parameters, int moments) {
    forget();
    Held taken = learner.room(stage, parameters, moments);
    held = taken;
    return taken;
  }

  /** Whether it has the share that a member needs for the outer step on what it holds. */
  boolean hasShare(Collective member) {
    return share != null && share.isOf(member);
  }

  /** Its share for the outer step on what it holds. */
  OuterShare share() {
    if (share == null) {
      throw new IllegalStateException("the learner has no share of an outer step");
    }
    return share;
  }

  /** Gives it such a share. */
  void share(OuterShare taken) {
    share = taken;
  }

  /** What it holds is the state of a name from now on. */
  void name(String state) {
    held();
    name = state;
  }

  /** What it holds is going to change. */
  void unname() {
    name = null;
  }

  /** It is going to be given another state. */
  void forget() {
    held = null;
    name = null;
    share = null;
  }
}

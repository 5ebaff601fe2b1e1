package dev.mona.training;

import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.checkpoint.Position;
import dev.mona.checkpoint.Selection;
import dev.mona.events.RunListener;
import dev.mona.learner.TrainingState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a run as they become due, written beside the training. */
final class Saving implements AutoCloseable {
  private final @Nullable CheckpointStore store;
  private final CheckpointInterval interval;
  private final RunListener listener;
  private final TrainingClock clock;
  private final CheckpointWriter writer = new CheckpointWriter();

  /** Rounds that no checkpoint holds, and when the last one was begun, by the nanosecond clock. */
  private int unsaved;

  private long saved = System.nanoTime();

  /**
   * Checkpoints of a run.
   *
   * @param store where they go; null for nowhere
   * @param interval when one is due within an epoch
   * @param listener has things of its own to store before
   */
  Saving(
      @Nullable CheckpointStore store,
      CheckpointInterval interval,
      RunListener listener,
      TrainingClock clock) {
    this.store = store;
    this.interval = interval;
    this.listener = listener;
    this.clock = clock;
  }

  /** A stage begins: its first interval does, too. */
  void stageStarted() {
    saved = System.nanoTime();
  }

  void roundEnded() {
    unsaved++;
  }

  /** The last rounds came to nothing. */
  void roundsLost(int rounds) {
    unsaved = Math.max(0, unsaved - rounds);
  }

  /** Whether there is a round that no checkpoint holds. */
  boolean isBehind() {
    return unsaved > 0;
  }

  /** Whether one is due; what is still being written puts it off to a later round. */
  boolean isDue() {
    Duration since = Duration.ofNanos(System.nanoTime() - saved);
    return interval.isDue(unsaved, since) && writer.isIdle();
  }

  /** Writes a checkpoint of this moment beside what follows. */
  void save(Position position, TrainingState state, Selection selection, List<EpochScore> history) {
    unsaved = 0;
    saved = System.nanoTime();
    if (store != null) {
      Runnable record = listener.record();
      Checkpoint checkpoint = new Checkpoint(position, state, selection, history, clock.seconds());
      writer.write(
          () -> {
            record.run();
            store.save(checkpoint);
          });
    }
  }

  /** How long the run has been trained. */
  double seconds() {
    return clock.seconds();
  }

  /** Waits until all is written. */
  void join() {
    writer.join();
  }

  @Override
  public void close() {
    writer.close();
  }
}

package dev.mona.tracking;

import dev.mona.events.RunStarted;
import java.io.IOException;
import java.util.List;

/**
 * Shows a run elsewhere. All calls are made by one thread; what fails is tried again with the next
 * values.
 */
public interface Tracker extends AutoCloseable {

  /** What it is, for messages: {@code tensorboard}. */
  String name();

  /**
   * Comes first.
   *
   * @param run the run
   * @param after its rounds that had ended; what an earlier start told of later ones is told again
   */
  void start(RunStarted run, long after) throws IOException;

  /** More values. When it fails, the same ones are given again. */
  void add(List<Scalar> values) throws IOException;

  /** Comes last, when all files of the run are written. */
  void end(Outcome outcome) throws IOException;

  /** Releases what it holds. */
  @Override
  void close() throws IOException;
}

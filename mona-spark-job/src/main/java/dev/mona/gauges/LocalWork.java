package dev.mona.gauges;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the tasks of this JVM did since it started. Work that was thrown away counts too: attempts
 * that failed later, and the slower of two speculative copies.
 */
public final class LocalWork {
  private final LongAdder samples = new LongAdder();
  private final DoubleAdder seconds = new DoubleAdder();
  private final AtomicInteger learners = new AtomicInteger();

  LocalWork() {}

  /**
   * The local steps of one task ended.
   *
   * @param examples samples that it trained on
   * @param took its wall-clock time in seconds
   */
  public void trained(long examples, double took) {
    samples.add(examples);
    seconds.add(took);
  }

  /** A learner was made; it keeps its buffers until it is closed. */
  public void learnerOpened() {
    learners.incrementAndGet();
  }

  /** A learner was closed. */
  public void learnerClosed() {
    learners.decrementAndGet();
  }

  long samples() {
    return samples.sum();
  }

  double seconds() {
    return seconds.sum();
  }

  /** Learners that are open, at work or idle. */
  int learners() {
    return learners.get();
  }
}

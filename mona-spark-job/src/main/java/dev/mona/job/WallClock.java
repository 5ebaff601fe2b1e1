package dev.mona.job;

import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.events.Spending;
import dev.mona.events.StageEnded;
import dev.mona.events.WallTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Says where the time of a run goes. Every event says what the time since the one before went into,
 * so that nothing is left over or counted twice.
 */
public final class WallClock implements RunListener {
  private static final double NANOSECONDS = 1e9;

  private final LongSupplier clock;
  private final Map<Spending, Double> seconds = new EnumMap<>(Spending.class);

  /** Up to when it is said. */
  private long told;

  /** What holds up the next round. */
  private Spending next = Spending.UNTIL_READY;

  WallClock(LongSupplier clock) {
    this.clock = clock;
    this.told = clock.getAsLong();
    for (Spending spending : Spending.values()) {
      seconds.put(spending, 0.0);
    }
  }

  /** A clock that begins now. */
  public static WallClock start() {
    return new WallClock(System::nanoTime);
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    double round = ended.work().seconds();
    double averaging = ended.figure(RoundEnded.AVERAGING_SECONDS);
    add(next, sinceTold() - round);
    add(Spending.LOCAL_STEPS, round - averaging);
    add(Spending.AVERAGING, averaging);
    next = Spending.AVERAGING;
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    double validation = ended.evaluation().validation();
    double measures = ended.evaluation().measures();
    add(next, sinceTold() - validation - measures);
    add(Spending.VALIDATION, validation);
    add(Spending.MEASURES, measures);
    next = Spending.CHECKPOINTS;
  }

  @Override
  public void stageEnded(StageEnded ended) {
    add(Spending.CHECKPOINTS, sinceTold());
    next = Spending.CHECKPOINTS;
  }

  /** Where the time up to now went, at the end of the run. */
  WallTime ended() {
    add(Spending.AFTER_LAST_EPOCH, sinceTold());
    return new WallTime(seconds);
  }

  private double sinceTold() {
    long now = clock.getAsLong();
    double since = (now - told) / NANOSECONDS;
    told = now;
    return since;
  }

  private void add(Spending spending, double more) {
    seconds.merge(spending, more, Double::sum);
  }
}

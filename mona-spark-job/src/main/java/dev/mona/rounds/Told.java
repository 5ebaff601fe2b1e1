package dev.mona.rounds;

import dev.mona.gauges.DriverLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What workers tell of their rounds, brought to the thread that asked for them. Workers that begin
 * anew after a failure tell rounds again, with the same bytes: nobody hears of those, and the
 * answer is the one of the first time.
 */
final class Told implements AutoCloseable {
  private final Round first;
  private final RoundObserver observer;
  private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final Map<String, String[]> meetings = new ConcurrentHashMap<>();
  private final Closeable line;
  private volatile boolean closed;
  private int next;
  private int last = Integer.MAX_VALUE;
  private long ended = System.nanoTime();

  private record Call(EpochWork.Told told, CompletableFuture<Boolean> answer) {}

  Told(String name, Round first, RoundObserver observer) {
    this.first = first;
    this.observer = observer;
    this.next = first.round();
    this.line = DriverLine.open(name, this::ask);
  }

  /** On Spark's thread. */
  private Serializable ask(Serializable content) {
    if (content instanceof EpochWork.Here here) {
      return meet(here);
    }
    Call call = new Call((EpochWork.Told) content, new CompletableFuture<>());
    calls.add(call);
    if (closed) {
      hangUp();
    }
    try {
      return call.answer().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the rounds have ended", e.getCause());
    }
  }

  /** Where all workers listen; nothing before all of them have said so. */
  private String[] meet(EpochWork.Here here) {
    String[] texts = meetings.computeIfAbsent(here.meeting(), name -> new String[here.of()]);
    synchronized (texts) {
      texts[here.rank()] = here.text();
      boolean all = Arrays.stream(texts).allMatch(Objects::nonNull);
      return all ? texts.clone() : new String[0];
    }
  }

  /**
   * Answers one worker, if one asks within a time.
   *
   * @return whether one did
   */
  boolean answer(long millis) throws InterruptedException {
    Call call = calls.poll(millis, TimeUnit.MILLISECONDS);
    if (call == null) {
      return false;
    }
    try {
      call.answer().complete(goesOn(call.told()));
    } catch (RuntimeException e) {
      call.answer().completeExceptionally(e);
      throw e;
    }
    return true;
  }

  private boolean goesOn(EpochWork.Told told) {
    if (told.round() < next) {
      return told.round() < last;
    }
    if (told.round() > next) {
      throw new IllegalStateException(
          "workers tell of round " + told.round() + " when round " + next + " is due");
    }
    long now = System.nanoTime();
    double seconds = (now - ended) / 1e9;
    ended = now;
    Contribution.Report report = told.report();
    RoundOutcome outcome =
        new RoundOutcome(
            new RoundOutcome.Average(null, told.finite()),
            report.examples(),
            report.metrics(),
            seconds,
            Math.max(0, seconds - report.localSeconds()));
    boolean wanted = observer.goesOn(first.schedule().round(first.epoch(), told.round()), outcome);
    if (!wanted) {
      last = told.round();
    }
    next++;
    return wanted;
  }

  /** Rounds that have been told. */
  int rounds() {
    return next - first.round();
  }

  private void hangUp() {
    for (Call call = calls.poll(); call != null; call = calls.poll()) {
      call.answer().completeExceptionally(new CancellationException("nobody waits any more"));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      line.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hangUp();
  }
}

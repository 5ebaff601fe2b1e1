package dev.mona.job;

import dev.mona.Reason;
import dev.mona.events.EpochEnded;
import dev.mona.events.Noticed;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunResumed;
import dev.mona.events.RunStarted;
import dev.mona.events.StageEnded;
import dev.mona.events.StageStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener whose failures do not end the run. The first one is logged with its trace and noticed
 * on the console, their number at the end; it is told of what follows all the same.
 */
final class GuardedListener implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

  private final RunListener listener;
  private final RunListener told;
  private final AtomicInteger failures = new AtomicInteger();

  /** A sentence of another thread, which the driver's thread passes on. */
  private final AtomicReference<@Nullable String> unsaid = new AtomicReference<>();

  /**
   * @param listener the listener of a user
   * @param told told of its failures
   */
  GuardedListener(RunListener listener, RunListener told) {
    this.listener = listener;
    this.told = told;
  }

  @Override
  public void runStarted(RunStarted started) {
    tell("runStarted", () -> listener.runStarted(started));
  }

  @Override
  public void runResumed(RunResumed resumed) {
    tell("runResumed", () -> listener.runResumed(resumed));
  }

  @Override
  public void stageStarted(StageStarted started) {
    tell("stageStarted", () -> listener.stageStarted(started));
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    tell("roundEnded", () -> listener.roundEnded(ended));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    tell("epochEnded", () -> listener.epochEnded(ended));
  }

  @Override
  public void stageEnded(StageEnded ended) {
    tell("stageEnded", () -> listener.stageEnded(ended));
  }

  @Override
  public void noticed(Noticed noticed) {
    tell("noticed", () -> listener.noticed(noticed));
  }

  @Override
  public void runEnded(RunEnded ended) {
    tell("runEnded", () -> listener.runEnded(ended));
  }

  @Override
  public Runnable record() {
    List<Runnable> records = new ArrayList<>();
    tell("record", () -> records.add(listener.record()));
    return () -> records.forEach(record -> attempt("record", record));
  }

  @Override
  public void close() {
    tell("close", listener::close);
    if (failures.get() > 1) {
      told.noticed(
          new Noticed("listener " + name() + " failed " + failures.get() + " times in all"));
    }
  }

  private void tell(String what, Runnable call) {
    attempt(what, call);
    String sentence = unsaid.getAndSet(null);
    if (sentence != null) {
      told.noticed(new Noticed(sentence));
    }
  }

  /**
   * What a user's jar gets wrong, its links among it. Scala and Kotlin throw checked exceptions
   * without declaring them, and errors of their own. What the JVM lacks is not caught.
   */
  private void attempt(String what, Runnable call) {
    try {
      call.run();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (failures.getAndIncrement() == 0) {
        log.warn("event=listener_failed listener={} call={}", name(), what, e);
        unsaid.set(
            "listener %s failed in %s (%s): the run goes on, see the log"
                .formatted(name(), what, Reason.of(e)));
      } else {
        log.debug("event=listener_failed listener={} call={}", name(), what, e);
      }
    }
  }

  private String name() {
    return listener.getClass().getName();
  }
}

package dev.mona.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several listeners as one, told in the given order. */
public final class RunListeners implements RunListener {
  private final List<RunListener> listeners;

  private RunListeners(List<RunListener> listeners) {
    this.listeners = listeners;
  }

  public static RunListener of(RunListener... listeners) {
    return new RunListeners(List.of(listeners));
  }

  public static RunListener of(List<? extends RunListener> listeners) {
    return new RunListeners(List.copyOf(listeners));
  }

  @Override
  public void runStarted(RunStarted started) {
    listeners.forEach(l -> l.runStarted(started));
  }

  @Override
  public void runResumed(RunResumed resumed) {
    listeners.forEach(l -> l.runResumed(resumed));
  }

  @Override
  public void stageStarted(StageStarted started) {
    listeners.forEach(l -> l.stageStarted(started));
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    listeners.forEach(l -> l.roundEnded(ended));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    listeners.forEach(l -> l.epochEnded(ended));
  }

  @Override
  public void stageEnded(StageEnded ended) {
    listeners.forEach(l -> l.stageEnded(ended));
  }

  @Override
  public void noticed(Noticed noticed) {
    listeners.forEach(l -> l.noticed(noticed));
  }

  @Override
  public void runEnded(RunEnded ended) {
    listeners.forEach(l -> l.runEnded(ended));
  }

  @Override
  public Runnable record() {
    List<Runnable> records = listeners.stream().map(RunListener::record).toList();
    return () -> records.forEach(Runnable::run);
  }

  /** Closes all, then throws the first failure with the others suppressed. */
  @Override
  public void close() {
    @Nullable RuntimeException first = null;
    for (RunListener listener : listeners) {
      try {
        listener.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}

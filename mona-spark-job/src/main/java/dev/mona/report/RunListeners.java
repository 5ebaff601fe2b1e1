package dev.mona.report;

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

  @Override
  public void stageStarted(StageRecord stage) {
    listeners.forEach(l -> l.stageStarted(stage));
  }

  @Override
  public void roundEnded(RoundRecord round) {
    listeners.forEach(l -> l.roundEnded(round));
  }

  @Override
  public void epochEnded(EpochRecord epoch) {
    listeners.forEach(l -> l.epochEnded(epoch));
  }

  @Override
  public void stageEnded(StageRecord stage) {
    listeners.forEach(l -> l.stageEnded(stage));
  }

  @Override
  public void noticed(String sentence) {
    listeners.forEach(l -> l.noticed(sentence));
  }

  @Override
  public void runEnded(RunRecord run) {
    listeners.forEach(l -> l.runEnded(run));
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

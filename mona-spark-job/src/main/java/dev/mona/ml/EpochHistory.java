package dev.mona.ml;

import dev.mona.events.EpochEnded;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run tells of its epochs. */
final class EpochHistory implements RunListener {
  private final List<MonaSummary.Epoch> epochs = new ArrayList<>();

  @Override
  public void epochEnded(EpochEnded ended) {
    epochs.add(
        new MonaSummary.Epoch(
            ended.at().stage().id(), ended.at().index(), ended.work().seconds(), ended.figures()));
  }

  /** The summary of the run that has ended. */
  MonaSummary summary(RunEnded ended) {
    return new MonaSummary(
        ended.stopReason().name(), ended.seconds(), epochs, ended.scores().byId());
  }
}

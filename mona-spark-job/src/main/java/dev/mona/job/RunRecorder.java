package dev.mona.job;

import dev.mona.checkpoint.Checkpoint;
import dev.mona.learner.Stage;
import dev.mona.report.EpochRecord;
import dev.mona.report.RoundRecord;
import dev.mona.report.RunListener;
import dev.mona.report.StageRecord;
import dev.mona.training.EpochReport;
import dev.mona.training.ModelParameters;
import dev.mona.training.RoundReport;
import dev.mona.training.TrainingObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Turns what the driver tells into the records of reports. */
final class RunRecorder implements TrainingObserver {
  private final MetricsFiles files;
  private final RunListener listener;
  private final BiConsumer<Stage, ModelParameters> export;
  private StageRecord current = new StageRecord(Stage.WARMUP, 0, 0, 1);
  private Stage resumedStage = Stage.WARMUP;
  private int resumedEpochs;

  /**
   * @param files the run's metric files
   * @param listener told too
   * @param export called at the end of every stage
   */
  RunRecorder(MetricsFiles files, RunListener listener, BiConsumer<Stage, ModelParameters> export) {
    this.files = files;
    this.listener = listener;
    this.export = export;
  }

  @Override
  public void resumed(Checkpoint from) {
    files.resumed(from);
    resumedStage = from.stage();
    resumedEpochs = from.epochs();
  }

  @Override
  public void stageStarted(Stage stage, int epochs, int roundsPerEpoch) {
    int first = stage == resumedStage ? resumedEpochs : 0;
    current = new StageRecord(stage, epochs, first, roundsPerEpoch);
    listener.stageStarted(current);
  }

  @Override
  public void roundEnded(RoundReport report) {
    Map<String, Double> metrics = new LinkedHashMap<>(report.metrics());
    metrics.put("averaging_seconds", report.averagingSeconds());
    RoundRecord round =
        new RoundRecord(
            report.stage(),
            report.epoch(),
            report.round(),
            report.rounds(),
            report.examples(),
            report.seconds(),
            metrics);
    files.roundEnded(round);
    listener.roundEnded(round);
  }

  @Override
  public void epochEnded(EpochReport report) {
    Map<String, Double> metrics = new LinkedHashMap<>(report.epoch().metrics());
    if (!Double.isNaN(report.epoch().score())) {
      metrics.put("validation_error", report.epoch().score());
    }
    EpochRecord epoch =
        new EpochRecord(
            report.epoch().stage(),
            report.epoch().epoch(),
            report.examples(),
            report.seconds(),
            metrics);
    files.epochEnded(epoch);
    listener.epochEnded(epoch);
  }

  @Override
  public Runnable record() {
    return files.record();
  }

  @Override
  public void stageEnded(Stage stage, ModelParameters parameters) {
    export.accept(stage, parameters);
    listener.stageEnded(current);
  }
}

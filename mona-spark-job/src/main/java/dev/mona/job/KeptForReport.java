package dev.mona.job;

import dev.mona.Reason;
import dev.mona.analysis.PrincipalPlane;
import dev.mona.data.Split;
import dev.mona.events.Noticed;
import dev.mona.events.RunListener;
import dev.mona.executor.RetentionMonitor;
import dev.mona.html.RunReport;
import dev.mona.inputs.JobInputs;
import dev.mona.metric.Confusion;
import dev.mona.report.EmbeddingsJson;
import dev.mona.report.EmbeddingsJson.PointSet;
import dev.mona.report.KeptField;
import dev.mona.report.PredictionsJson;
import dev.mona.retention.Represented;
import dev.mona.rounds.Scorer;
import dev.mona.spark.SparkJob;
import dev.mona.storage.RunDirectory;
import dev.mona.task.Loss;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run leaves to be looked at: some predictions, some embeddings and the page that shows
 * them. Small files, whatever the size of the data. What goes wrong here is noticed in one line and
 * ends no run.
 */
final class KeptForReport {
  private static final Logger log = LoggerFactory.getLogger(KeptForReport.class);

  /** Samples whose fields are compared, and values that they may have in all. */
  private static final int FIELDS = 64;

  private static final int FIELD_VALUES = 1 << 21;

  /** Samples of each modality in the plane. */
  private static final int POINTS = 120;

  private final RunDirectory run;
  private final JobInputs inputs;
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  KeptForReport(RunDirectory run, JobInputs inputs) {
    this.run = run;
    this.inputs = inputs;
  }

  /** What decisions on the test split are counted by; empty for fields and for too many classes. */
  Optional<Confusion> confusion() {
    TaskSpec task = inputs.options().task();
    return task.kind() == TaskKind.DENSE || task.outputs() > PredictionsJson.MOST_CLASSES
        ? Optional.empty()
        : Optional.of(Confusion.of(task));
  }

  /** Keeps the counted decisions. */
  void decisions(long[][] rows) {
    TaskKind kind = inputs.options().task().kind();
    attempt(
        "predictions",
        () -> run.writeText(RunReport.PREDICTIONS, PredictionsJson.counts(kind, rows)));
  }

  /** Keeps some predicted fields, of a task that has fields. */
  void fields(JavaSparkContext spark, Scorer scorer) {
    TaskSpec task = inputs.options().task();
    if (task.kind() == TaskKind.DENSE && inputs.splits().testSize() > 0) {
      attempt("predictions", () -> fields(spark, scorer, task));
    }
  }

  private void fields(JavaSparkContext spark, Scorer scorer, TaskSpec task) {
    int values = Math.max(task.featureLength(), task.predictionLength());
    int samples = Math.max(1, Math.min(FIELDS, FIELD_VALUES / values));
    SampleBlock chosen = inputs.splits().spread(Split.TEST, inputs.partitions(), samples);
    JavaRDD<SampleBlock> block = spark.parallelize(List.of(chosen), 1);
    float[] logits =
        SparkJob.described(
            spark, "predict some fields", () -> scorer.logits(block).first().logits());
    int length = task.predictionLength();
    List<KeptField> kept = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      float[] truth = new float[length];
      float[] prediction = new float[length];
      System.arraycopy(chosen.labels(), i * length, truth, 0, length);
      System.arraycopy(logits, i * length, prediction, 0, length);
      if (task.loss().loss() == Loss.BINARY_CROSS_ENTROPY) {
        for (int k = 0; k < length; k++) {
          prediction[k] = (float) (1 / (1 + Math.exp(-prediction[k])));
        }
      }
      kept.add(
          KeptField.of(
              chosen.ids()[i], truth, prediction, task.shape().height(), task.shape().width()));
    }
    run.writeText(RunReport.PREDICTIONS, PredictionsJson.fields(kept));
  }

  /**
   * Keeps where samples of both modalities lie.
   *
   * @param embedders of the target by name, see {@link EmbeddingsJson#TARGETS}
   */
  void embeddings(RetentionMonitor monitor, Map<String, float[]> embedders) {
    attempt("embeddings", () -> write(monitor, embedders));
  }

  private void write(RetentionMonitor monitor, Map<String, float[]> embedders) {
    Map<String, Represented> sets = new LinkedHashMap<>();
    sets.put(EmbeddingsJson.SOURCE, monitor.representSource(POINTS));
    embedders.forEach((name, phi) -> sets.put(name, monitor.representTarget(phi, POINTS)));
    // the plane of the modalities as they are at the end, and what was before seen in it
    List<Represented> all = List.copyOf(sets.values());
    Represented source = all.get(0);
    Represented target = all.get(all.size() - 1);
    float[] both = new float[source.rows().length + target.rows().length];
    System.arraycopy(source.rows(), 0, both, 0, source.rows().length);
    System.arraycopy(target.rows(), 0, both, source.rows().length, target.rows().length);
    if (!finite(both)) {
      return;
    }
    PrincipalPlane plane = PrincipalPlane.fit(both, source.width());
    List<PointSet> points = new ArrayList<>();
    sets.forEach((name, set) -> points.add(new PointSet(name, plane.of(set.rows()), set.labels())));
    run.writeText(RunReport.EMBEDDINGS, EmbeddingsJson.of(plane.shares(), points));
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the page. */
  void page() {
    attempt("report", () -> RunReport.write(run));
  }

  /** Tells of the first failure, if there was one. */
  void notice(RunListener listener) {
    String sentence = failure.getAndSet(null);
    if (sentence != null) {
      listener.noticed(new Noticed(sentence));
    }
  }

  /**
   * A library that draws may lack classes, and Spark throws checked exceptions without declaring
   * them. What the JVM lacks is not caught.
   */
  private void attempt(String what, Runnable step) {
    try {
      step.run();
    } catch (Exception | LinkageError e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      log.warn("event=report_failed part={}", what, e);
      failure.compareAndSet(
          null,
          String.format(
              Locale.ROOT,
              "the %s of the report could not be written (%s): the run is not affected, and mona"
                  + " report tries again",
              what,
              Reason.of(e)));
    }
  }
}

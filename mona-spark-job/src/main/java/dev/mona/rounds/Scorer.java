package dev.mona.rounds;

import dev.mona.learner.LearnerFactory;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Accumulator;
import dev.mona.metric.Beside;
import dev.mona.metric.Confusion;
import dev.mona.metric.ConfusionCounts;
import dev.mona.metric.Metric;
import dev.mona.spark.Sent;
import dev.mona.spark.SparkJob;
import dev.mona.task.SampleBlock;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Scores samples with one set of parameters on the executors, outside a training job. */
public final class Scorer implements AutoCloseable {
  private static final float[] NO_MOMENTS = {};

  private final JavaSparkContext spark;
  private final JobLearners learners;
  private final Sent<TrainingState> state;

  /**
   * A scorer of a finetuned model.
   *
   * @param parameters flat parameters in the order of {@link Stage#FINETUNING}
   */
  public Scorer(JavaSparkContext spark, LearnerFactory learners, float[] parameters) {
    this.spark = spark;
    this.learners = JobLearners.of(learners);
    this.state = Sent.to(spark, new TrainingState(parameters, NO_MOMENTS, 0));
  }

  /** The metric over all blocks. */
  public double score(JavaRDD<SampleBlock> blocks, Metric metric) {
    Scoring scoring = new Scoring(learners, Stage.FINETUNING, state, "", metric);
    return SparkJob.described(spark, "score " + metric.id(), () -> scoring.over(blocks));
  }

  /** The metric over all blocks, and in the same pass how the decisions came out. */
  public Counted score(JavaRDD<SampleBlock> blocks, Metric metric, Confusion confusion) {
    Metric both = new Beside(metric, confusion);
    Scoring scoring = new Scoring(learners, Stage.FINETUNING, state, "", both);
    return SparkJob.described(
        spark, "score " + metric.id(), () -> scoring.over(blocks, Counted::of));
  }

  /**
   * A score and the counts beside it.
   *
   * @param score the metric
   * @param rows see {@link ConfusionCounts#rows()}
   */
  public record Counted(double score, long[][] rows) implements Serializable {
    private static Counted of(Accumulator all) {
      Beside.Both both = (Beside.Both) all;
      return new Counted(both.value(), ((ConfusionCounts) both.second()).rows());
    }
  }

  /** Logits of every block, {@code [n, outputs]} row-major. Lazy: use it before closing. */
  public JavaRDD<ScoredBlock> logits(JavaRDD<SampleBlock> blocks) {
    return blocks.map(new BlockLogits(learners, state));
  }

  /** Releases the learners and the parameters. */
  @Override
  public void close() {
    learners.release(spark);
    state.close();
  }

  /**
   * A block with its logits.
   *
   * @param block the samples
   * @param logits {@code [n, outputs]} row-major
   */
  public record ScoredBlock(SampleBlock block, float[] logits) implements Serializable {}

  private record BlockLogits(JobLearners learners, Sent<TrainingState> state)
      implements org.apache.spark.api.java.function.Function<SampleBlock, ScoredBlock> {
    @Override
    public ScoredBlock call(SampleBlock block) {
      float[] logits =
          learners.use(learner -> learner.predict(Stage.FINETUNING, state.value(), block));
      return new ScoredBlock(block, logits);
    }
  }
}

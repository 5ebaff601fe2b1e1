package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Accumulator;
import dev.mona.metric.Metric;
import dev.mona.spark.Sent;
import dev.mona.task.SampleBlock;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Scores the blocks of one partition into one accumulator. */
record Scoring(JobLearners learners, Stage stage, Sent<TrainingState> state, Metric metric)
    implements FlatMapFunction<Iterator<SampleBlock>, Accumulator> {

  @Override
  public Iterator<Accumulator> call(Iterator<SampleBlock> blocks) {
    Accumulator accumulator = metric.start();
    while (blocks.hasNext()) {
      SampleBlock block = blocks.next();
      if (block.size() > 0) {
        float[] logits = learners.use(learner -> learner.predict(stage, state.value(), block));
        accumulator.add(logits, block.labels(), block.size());
      }
    }
    return List.of(accumulator).iterator();
  }

  /**
   * The metric over all blocks. What it keeps of samples is merged in a task, not by the driver.
   */
  double over(JavaRDD<SampleBlock> blocks) {
    Metric merged = metric;
    return blocks
        .mapPartitions(this)
        .coalesce(1, true)
        .mapPartitions(parts -> merge(merged, parts))
        .first();
  }

  private static Iterator<Double> merge(Metric metric, Iterator<Accumulator> parts) {
    Accumulator all = metric.start();
    parts.forEachRemaining(all::merge);
    return List.of(all.value()).iterator();
  }
}

package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Accumulator;
import dev.mona.metric.Metric;
import dev.mona.spark.Sent;
import dev.mona.task.SampleBlock;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Scores the blocks of one partition into one accumulator.
 *
 * @param held name of the state among learners that hold it and need not be sent it; empty if none
 *     does
 */
record Scoring(
    JobLearners learners, Stage stage, Sent<TrainingState> state, String held, Metric metric)
    implements FlatMapFunction<Iterator<SampleBlock>, Accumulator> {

  @Override
  public Iterator<Accumulator> call(Iterator<SampleBlock> blocks) {
    Accumulator accumulator = metric.start();
    while (blocks.hasNext()) {
      SampleBlock block = blocks.next();
      if (block.size() > 0) {
        float[] logits = learners.useHolding(held, lent -> predict(lent, block));
        accumulator.add(logits, block.labels(), block.size());
      }
    }
    return List.of(accumulator).iterator();
  }

  private float[] predict(Lent lent, SampleBlock block) {
    if (lent.holds(held)) {
      return lent.held().predict(block);
    }
    lent.forget();
    return lent.learner().predict(stage, state.value(), block);
  }

  /**
   * The metric over all blocks. What it keeps of samples is merged in a task, not by the driver.
   */
  double over(JavaRDD<SampleBlock> blocks) {
    return over(blocks, Accumulator::value);
  }

  /**
   * What is asked of the metric over all blocks.
   *
   * @param end called in the task that merges
   */
  <T> T over(JavaRDD<SampleBlock> blocks, End<T> end) {
    Metric merged = metric;
    return blocks
        .mapPartitions(this)
        .coalesce(1, true)
        .mapPartitions(parts -> merge(merged, parts, end))
        .first();
  }

  /** What is asked of all that was seen. */
  interface End<T> extends Serializable {
    T of(Accumulator all);
  }

  private static <T> Iterator<T> merge(Metric metric, Iterator<Accumulator> parts, End<T> end) {
    Accumulator all = metric.start();
    parts.forEachRemaining(all::merge);
    return List.of(end.of(all)).iterator();
  }
}

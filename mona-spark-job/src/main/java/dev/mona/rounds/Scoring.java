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

  /** The metric over all blocks, merged in partition order. */
  double over(JavaRDD<SampleBlock> blocks) {
    Accumulator all = metric.start();
    blocks.mapPartitions(this).collect().forEach(all::merge);
    return all.value();
  }
}

package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import dev.mona.spark.Slot;
import dev.mona.task.PartitionSamples;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;

/**
 * A round of one worker in the driver's JVM. The mean is the state that it reached, which the
 * driver takes over as it is, without a copy.
 */
record SingleTask(LocalSteps local, LongAccumulator steps, Slot<TrainingState> reached)
    implements Function2<Integer, Iterator<PartitionSamples>, Iterator<Contribution.Report>> {

  static Averaged run(JavaRDD<PartitionSamples> samples, LocalSteps local, LongAccumulator steps) {
    try (Slot<TrainingState> reached = Slot.of(local.start().value())) {
      SingleTask task = new SingleTask(local, steps, reached);
      List<Contribution.Report> reports = samples.mapPartitionsWithIndex(task, true).collect();
      return new Averaged(reached.value(), reports.get(0));
    }
  }

  @Override
  public Iterator<Contribution.Report> call(Integer partition, Iterator<PartitionSamples> samples) {
    LocalSteps.Done done = local.run(partition, samples.next(), () -> steps.add(1));
    reached.set(done.round().state());
    return List.of(Contribution.Report.of(done)).iterator();
  }
}

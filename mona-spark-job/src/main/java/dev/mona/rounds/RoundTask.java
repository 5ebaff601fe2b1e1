package dev.mona.rounds;

import dev.mona.learner.RoundResult;
import dev.mona.task.PartitionSamples;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * The mapping side of a round: local steps on a partition, then slices of the state and a report. A
 * partition that saw no examples only reports.
 */
record RoundTask(LocalSteps local, int chunkSize, LongAccumulator steps)
    implements Function2<
        Integer, Iterator<PartitionSamples>, Iterator<Tuple2<ChunkKey, Contribution>>> {

  @Override
  public Iterator<Tuple2<ChunkKey, Contribution>> call(
      Integer partition, Iterator<PartitionSamples> samples) {
    LocalSteps.Done done = local.run(partition, samples.next(), () -> steps.add(1));
    RoundResult round = done.round();
    StateChunks chunks = StateChunks.of(local.start().value(), chunkSize);
    int emitted = round.examples() == 0 ? 0 : chunks.count();
    Stream<Tuple2<ChunkKey, Contribution>> states =
        IntStream.range(0, emitted)
            .mapToObj(
                chunk ->
                    new Tuple2<>(
                        new ChunkKey(chunk, partition),
                        new Contribution.Slice(chunk, round.examples(), chunks, round.state())));
    Contribution report = Contribution.Report.of(done);
    return Stream.concat(
            states, Stream.of(new Tuple2<>(new ChunkKey(chunks.count(), partition), report)))
        .iterator();
  }
}

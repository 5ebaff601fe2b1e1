package dev.mona.rounds;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.Iterator;

/**
 * The reducing side of a round. Records arrive sorted by chunk and then by partition, so one
 * running sum at a time is held, and the order of the sums does not depend on the order of arrival.
 * Hands back one mean a chunk, weighted with all its examples, and the merged report where the
 * reports were among the records.
 */
final class ChunkReduce {
  private ChunkReduce() {}

  static Contribution[] reduce(Iterator<Tuple2<ChunkKey, Contribution>> records) {
    List<Contribution> reduced = new ArrayList<>();
    ChunkMean mean = new ChunkMean();
    Contribution.@Nullable Report report = null;
    while (records.hasNext()) {
      Contribution next = records.next()._2();
      if (next instanceof Contribution.Report one) {
        report = report == null ? one : report.merge(one);
      } else {
        Contribution.Chunk chunk = chunk(next);
        if (!mean.takes(chunk)) {
          reduced.add(mean.take());
        }
        mean.add(chunk);
      }
    }
    if (!mean.isEmpty()) {
      reduced.add(mean.take());
    }
    if (report != null) {
      reduced.add(report);
    }
    return reduced.toArray(Contribution[]::new);
  }

  private static Contribution.Chunk chunk(Contribution contribution) {
    return contribution instanceof Contribution.Slice slice
        ? slice.copy()
        : (Contribution.Chunk) contribution;
  }
}

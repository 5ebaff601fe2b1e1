package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.collection.JavaConverters;

class ChunkReduceTest {

  /** Two chunks of three partitions, with values whose sum depends on its order. */
  private static List<Tuple2<ChunkKey, Contribution>> records() {
    float[] values = {1e20f, 1, -1e20f};
    List<Tuple2<ChunkKey, Contribution>> records = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      for (int chunk = 0; chunk < 2; chunk++) {
        records.add(
            new Tuple2<>(
                new ChunkKey(chunk, partition),
                new Contribution.Chunk(chunk, 1, new float[] {values[partition], chunk})));
      }
      Diagnostics metrics =
          new Diagnostics(Map.of("loss", (double) values[partition]), Map.of("loss", 1L));
      records.add(
          new Tuple2<>(
              new ChunkKey(2, partition),
              new Contribution.Report(1, partition, 0.5 * partition, metrics)));
    }
    return records;
  }

  private static String reduce(List<Tuple2<ChunkKey, Contribution>> records) {
    StringBuilder reduced = new StringBuilder();
    for (Contribution contribution :
        ChunkReduce.reduce(JavaConverters.asScalaIterator(records.iterator()))) {
      if (contribution instanceof Contribution.Chunk chunk) {
        reduced.append(chunk.chunk()).append(':').append(chunk.values()[0]);
        reduced.append(',').append(chunk.values()[1]).append(' ');
      } else {
        reduced.append(contribution);
      }
    }
    return reduced.toString();
  }

  @Test
  void sortedRecordsGiveTheSameBytesWhateverTheirArrival() {
    Random random = new Random(1);
    Set<String> sorted = new HashSet<>();
    Set<String> byChunkOnly = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      List<Tuple2<ChunkKey, Contribution>> records = records();
      Collections.shuffle(records, random);
      records.sort((a, b) -> Integer.compare(a._1().chunk(), b._1().chunk()));
      byChunkOnly.add(reduce(records));
      Collections.shuffle(records, random);
      records.sort((a, b) -> a._1().compareTo(b._1()));
      sorted.add(reduce(records));
    }
    assertThat(byChunkOnly).as("the order matters for these values").hasSizeGreaterThan(1);
    assertThat(sorted)
        .containsExactly(
            "0:0.0,0.0 1:0.0,1.0 "
                + "Report[examples=3, iteration=2, localSeconds=1.0, "
                + "metrics=Diagnostics[sums={loss=0.0}, counts={loss=3}]]");
  }
}

package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.serializer.SerializationStream;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class ContributionSerializerTest {
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.Any();

  private record Entry(ChunkKey key, Contribution value) {}

  private static Contribution.Chunk chunk(int index, int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    return new Contribution.Chunk(index, 3L + index, values);
  }

  private static byte[] write(List<Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SerializationStream out = new ContributionSerializer().newInstance().serializeStream(bytes);
    for (Entry entry : entries) {
      out.writeKey(entry.key, ANY).writeValue(entry.value, ANY);
    }
    out.close();
    return bytes.toByteArray();
  }

  private static List<Entry> read(byte[] bytes) {
    Iterator<Tuple2<Object, Object>> records =
        new ContributionSerializer()
            .newInstance()
            .deserializeStream(new ByteArrayInputStream(bytes))
            .asKeyValueIterator();
    List<Entry> entries = new ArrayList<>();
    while (records.hasNext()) {
      Tuple2<Object, Object> record = records.next();
      entries.add(new Entry((ChunkKey) record._1(), (Contribution) record._2()));
    }
    assertThat(records.hasNext()).as("asked again at the end").isFalse();
    return entries;
  }

  /** Any bits, those of NaN and -0 too, in chunks below, at and above the blocks they move in. */
  @Test
  void chunksComeBackBitForBit() {
    int[] lengths = {0, 1, 7, 1 << 14, (1 << 14) + 1, 100_001};
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      entries.add(new Entry(new ChunkKey(i, 40 + i), chunk(i, lengths[i], i)));
    }
    byte[] bytes = write(entries);
    int header = 2 * Integer.BYTES + 1 + Integer.BYTES + Long.BYTES + Integer.BYTES;
    int sum = Integer.BYTES;
    assertThat(bytes).hasSize(lengths.length * (header + sum) + 4 * Arrays.stream(lengths).sum());
    List<Entry> back = read(bytes);
    assertThat(back).hasSameSizeAs(entries);
    for (int i = 0; i < lengths.length; i++) {
      Contribution.Chunk sent = (Contribution.Chunk) entries.get(i).value;
      Contribution.Chunk found = (Contribution.Chunk) back.get(i).value;
      assertThat(back.get(i).key).isEqualTo(entries.get(i).key);
      assertThat(found.chunk()).isEqualTo(sent.chunk());
      assertThat(found.examples()).isEqualTo(sent.examples());
      assertThat(bits(found.values())).isEqualTo(bits(sent.values()));
    }
  }

  /** From the arrays of the state, over the border between them. */
  @Test
  void slicesComeBackAsTheChunksThatTheyAre() {
    float[] parameters = chunk(0, 7, 5).values();
    float[] moments = chunk(0, 13, 6).values();
    TrainingState state = new TrainingState(parameters, moments, 1);
    StateChunks chunks = StateChunks.of(state, 6);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < chunks.count(); i++) {
      entries.add(new Entry(new ChunkKey(i, 0), new Contribution.Slice(i, 9, chunks, state)));
    }
    TrainingState back = new TrainingState(new float[7], new float[13], 1);
    for (Entry entry : read(write(entries))) {
      Contribution.Chunk chunk = (Contribution.Chunk) entry.value;
      assertThat(chunk.examples()).isEqualTo(9);
      chunks.paste(chunk.values(), chunk.chunk(), back);
    }
    assertThat(bits(back.parameters())).isEqualTo(bits(parameters));
    assertThat(bits(back.moments())).isEqualTo(bits(moments));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** In their order, on which the order of sums depends. */
  @Test
  void reportsComeBackWithTheirMetricsInOrder() {
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String name : List.of("loss", "gradient_norm", "a", "verlust\u00fc")) {
      sums.put(name, 1.0 / (1 + sums.size()));
      counts.put(name, (long) sums.size());
    }
    Contribution report = new Contribution.Report(5, 77, 0.25, new Diagnostics(sums, counts));
    Entry entry = new Entry(new ChunkKey(9, 2), report);
    List<Entry> back = read(write(List.of(entry, entry)));
    assertThat(back).containsExactly(entry, entry);
    assertThat(back.get(1).value.toString()).isEqualTo(report.toString());
  }

  /** What was cut off is no end: a contribution would be missing in the mean. */
  @Test
  void aCutInARecordIsAnError() {
    byte[] bytes = write(List.of(new Entry(new ChunkKey(0, 0), chunk(0, 20, 1))));
    assertThat(read(new byte[0])).isEmpty();
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).as("%d bytes", length).hasMessageContaining("EOF");
    }
  }

  @Test
  void aChangedValueIsAnError() {
    byte[] bytes = write(List.of(new Entry(new ChunkKey(0, 0), chunk(0, 20, 1))));
    int values = bytes.length - Integer.BYTES - 20 * Float.BYTES;
    for (int at = values; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> read(changed))
          .as("byte %d", at)
          .hasMessageContaining("changed on its way");
    }
  }
}

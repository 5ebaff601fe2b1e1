package dev.mona.rounds;

import dev.mona.tensor.FloatBlocks;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Contributions as bytes: of a chunk its index, its examples and its floats as they are, of a
 * report its numbers one after the other. A slice comes back as a chunk. For one stream at a time.
 */
final class ContributionBytes {
  private static final byte CHUNK = 0;
  private static final byte REPORT = 1;

  private final FloatBlocks blocks = new FloatBlocks();

  void write(Contribution contribution, DataOutput out) throws IOException {
    if (contribution instanceof Contribution.Chunk chunk) {
      writeHead(chunk.chunk(), chunk.examples(), chunk.values().length, out);
      blocks.write(chunk.values(), 0, chunk.values().length, out);
    } else if (contribution instanceof Contribution.Slice slice) {
      StateChunks chunks = slice.chunks();
      writeHead(slice.chunk(), slice.examples(), chunks.length(slice.chunk()), out);
      for (StateChunks.Range range : chunks.ranges(slice.state(), slice.chunk())) {
        blocks.write(range.array(), range.from(), range.length(), out);
      }
    } else if (contribution instanceof Contribution.Report report) {
      out.writeByte(REPORT);
      out.writeLong(report.examples());
      out.writeLong(report.iteration());
      out.writeDouble(report.localSeconds());
      write(report.metrics(), out);
    }
  }

  private static void writeHead(int chunk, long examples, int length, DataOutput out)
      throws IOException {
    out.writeByte(CHUNK);
    out.writeInt(chunk);
    out.writeLong(examples);
    out.writeInt(length);
  }

  private static void write(Diagnostics metrics, DataOutput out) throws IOException {
    out.writeInt(metrics.sums().size());
    for (Map.Entry<String, Double> sum : metrics.sums().entrySet()) {
      out.writeUTF(sum.getKey());
      out.writeDouble(sum.getValue());
      out.writeLong(Objects.requireNonNull(metrics.counts().get(sum.getKey())));
    }
  }

  Contribution read(DataInput in) throws IOException {
    byte kind = in.readByte();
    if (kind == REPORT) {
      return new Contribution.Report(
          in.readLong(), in.readLong(), in.readDouble(), readDiagnostics(in));
    }
    if (kind != CHUNK) {
      throw new IOException("there is no contribution of kind " + kind);
    }
    int index = in.readInt();
    long examples = in.readLong();
    float[] values = new float[in.readInt()];
    blocks.read(in, values);
    return new Contribution.Chunk(index, examples, values);
  }

  private static Diagnostics readDiagnostics(DataInput in) throws IOException {
    int size = in.readInt();
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String name = in.readUTF();
      sums.put(name, in.readDouble());
      counts.put(name, in.readLong());
    }
    return new Diagnostics(sums, counts);
  }
}

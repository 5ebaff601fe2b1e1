package dev.mona.rounds;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A worker's report as a few bytes, with which every double arrives as it is. */
final class ReportBytes {
  /** Names of what a worker measures. */
  private static final int MOST_NAMES = 1000;

  private ReportBytes() {}

  static byte[] of(Contribution.Report report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(report.examples());
      out.writeLong(report.iteration());
      out.writeDouble(report.localSeconds());
      Diagnostics metrics = report.metrics();
      out.writeInt(metrics.sums().size());
      for (Map.Entry<String, Double> sum : metrics.sums().entrySet()) {
        out.writeUTF(sum.getKey());
        out.writeDouble(sum.getValue());
        out.writeLong(metrics.counts().getOrDefault(sum.getKey(), 0L));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a report.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  static Contribution.Report read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long examples = in.readLong();
      long iteration = in.readLong();
      double seconds = in.readDouble();
      int names = in.readInt();
      if (examples < 0 || names < 0 || names > MOST_NAMES) {
        throw new IOException("a report of " + examples + " examples and " + names + " names");
      }
      Map<String, Double> sums = new LinkedHashMap<>();
      Map<String, Long> counts = new LinkedHashMap<>();
      for (int i = 0; i < names; i++) {
        String name = in.readUTF();
        sums.put(name, in.readDouble());
        counts.put(name, in.readLong());
      }
      return new Contribution.Report(examples, iteration, seconds, new Diagnostics(sums, counts));
    } catch (IOException e) {
      throw new UncheckedIOException("what a worker sent is no report", e);
    }
  }
}

package dev.mona.published;

import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** Opens published files as the command line does. */
final class PublishedFiles {
  private static final Configuration HADOOP = new Configuration();

  private PublishedFiles() {}

  static SetSource open(PublishedFormat format, Path input, int stride) throws IOException {
    return format.open(HADOOP, new org.apache.hadoop.fs.Path(input.toUri()), "a_set", stride);
  }

  static Samples samples(SetSource set, Split split) throws IOException {
    return set.samples(split).orElseThrow();
  }

  static double[] features(Samples samples, int sample) throws IOException {
    double[] into = new double[samples.shape().length()];
    samples.features(sample, into);
    return into;
  }

  static double[] labels(Samples samples, int sample, int length) throws IOException {
    double[] into = new double[length];
    samples.labels(sample, into);
    return into;
  }
}

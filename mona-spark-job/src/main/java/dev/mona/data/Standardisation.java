package dev.mona.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was subtracted from and divided out of each channel when the set was converted, so that new
 * data can be treated alike: {@code (x - mean) / sd}, both taken over the train split.
 *
 * @param mean mean of each channel
 * @param sd population standard deviation of each channel; 1 for a constant channel
 */
public record Standardisation(List<Double> mean, List<Double> sd) {
  public Standardisation {
    mean = List.copyOf(mean);
    sd = List.copyOf(sd);
    if (mean.size() != sd.size() || mean.isEmpty()) {
      throw new IllegalArgumentException("means and standard deviations must match");
    }
    if (!mean.stream().allMatch(Double::isFinite)
        || !sd.stream().allMatch(s -> Double.isFinite(s) && s > 0)) {
      throw new IllegalArgumentException("means must be finite, standard deviations positive");
    }
  }

  /** Moments of the samples of a split, in two passes. */
  static Standardisation of(Samples samples) throws IOException {
    int channels = samples.shape().channels();
    int length = samples.shape().points();
    double count = (double) samples.size() * length;
    float[] features = new float[channels * length];
    double[] mean = new double[channels];
    float[] first = new float[channels];
    boolean[] varies = new boolean[channels];
    for (int i = 0; i < samples.size(); i++) {
      samples.features(i, features);
      for (int k = 0; k < features.length; k++) {
        if (i == 0 && k % length == 0) {
          first[k / length] = features[k];
        }
        varies[k / length] |= features[k] != first[k / length];
        mean[k / length] += features[k] / count;
      }
    }
    double[] variance = new double[channels];
    for (int i = 0; i < samples.size(); i++) {
      samples.features(i, features);
      for (int k = 0; k < features.length; k++) {
        double difference = features[k] - mean[k / length];
        variance[k / length] += difference * difference / count;
      }
    }
    return new Standardisation(
        Arrays.stream(mean).boxed().toList(),
        // by rounding, the variance of a constant can be positive
        IntStream.range(0, channels)
            .mapToObj(c -> varies[c] && variance[c] > 0 ? Math.sqrt(variance[c]) : 1.0)
            .toList());
  }

  /** Standardises features {@code [C, H, W]} in place. */
  void apply(float[] features) {
    int length = features.length / mean.size();
    for (int c = 0; c < mean.size(); c++) {
      for (int i = c * length; i < (c + 1) * length; i++) {
        features[i] = (float) ((features[i] - mean.get(c)) / sd.get(c));
      }
    }
  }
}

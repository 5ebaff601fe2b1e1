package dev.mona.data;

import dev.mona.MonaException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was subtracted from and divided out of each channel when the set was converted, so that new
 * data can be treated alike: {@code (x - mean) / sd}, both taken over the train split.
 *
 * @param mean mean of each channel
 * @param sd population standard deviation of each channel; 1 for a constant channel
 */
public record Standardisation(List<Double> mean, List<Double> sd) implements Serializable {
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
  public static Standardisation of(Samples samples) throws IOException {
    int channels = samples.shape().channels();
    double[] features = new double[samples.shape().length()];
    Moments moments = new Moments(channels);
    for (int i = 0; i < samples.size(); i++) {
      samples.features(i, features);
      moments.count(features);
    }
    for (int i = 0; i < samples.size(); i++) {
      samples.features(i, features);
      moments.spread(features);
    }
    return of(moments, channels);
  }

  /** Of moments after both passes. */
  public static Standardisation of(Moments moments, int channels) {
    List<Double> mean = new ArrayList<>();
    List<Double> sd = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      mean.add(moments.mean(c));
      double deviation = moments.sd(c);
      sd.add(deviation > 0 ? deviation : 1);
      if (!Double.isFinite(mean.get(c)) || !Double.isFinite(sd.get(c))) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "channel %d has values too far apart to take their mean and deviation: scale it first",
                c));
      }
    }
    return new Standardisation(mean, sd);
  }

  /** Standardises features {@code [C, H, W]} in place, without rounding them to floats. */
  public void apply(double[] features) {
    int length = features.length / mean.size();
    for (int c = 0; c < mean.size(); c++) {
      double offset = mean.get(c);
      double deviation = sd.get(c);
      for (int i = c * length; i < (c + 1) * length; i++) {
        features[i] = (features[i] - offset) / deviation;
      }
    }
  }
}

package dev.mona.data;

import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Mean and standard deviation of the labels of a dense task. */
final class LabelMoments {
  private LabelMoments() {}

  /**
   * The scale of a split: mean and population standard deviation of each output over samples and
   * grid, in two passes; 1 for the deviation of a constant output. Rounded to float, so that a file
   * of floats can hold it. Labels that are all -1, 0 or 1 are classes of points, and have none.
   */
  static TargetScale scale(Samples samples, Card card) throws IOException {
    SampleShape shape = samples.shape();
    int points = shape.points();
    double count = (double) samples.size() * points;
    float[] labels = new float[Math.multiplyExact(card.outputs(), points)];
    double[] mean = new double[card.outputs()];
    float[] first = new float[card.outputs()];
    boolean[] varies = new boolean[card.outputs()];
    boolean binary = true;
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      for (int k = 0; k < labels.length; k++) {
        if (i == 0 && k % points == 0) {
          first[k / points] = labels[k];
        }
        varies[k / points] |= labels[k] != first[k / points];
        mean[k / points] += labels[k] / count;
        binary &= labels[k] == -1 || labels[k] == 0 || labels[k] == 1;
      }
    }
    if (binary) {
      return TargetScale.none(card.outputs());
    }
    double[] variance = new double[card.outputs()];
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      for (int k = 0; k < labels.length; k++) {
        double difference = labels[k] - mean[k / points];
        variance[k / points] += difference * difference / count;
      }
    }
    return new TargetScale(
        Arrays.stream(mean).mapToObj(m -> (double) (float) m).toList(),
        IntStream.range(0, variance.length)
            .mapToObj(o -> varies[o] ? deviation(variance[o]) : 1.0)
            .toList());
  }

  private static double deviation(double variance) {
    float sd = (float) Math.sqrt(variance);
    return sd > 0 && Float.isFinite(sd) ? sd : 1;
  }
}

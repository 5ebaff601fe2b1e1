package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.data.Moments;
import dev.mona.data.Samples;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Mean and standard deviation of the labels of a dense task. */
public final class LabelMoments {
  private LabelMoments() {}

  /**
   * The scale of a split: mean and population standard deviation of each output over samples and
   * grid, in two passes; 1 for the deviation of a constant output. Rounded to float, so that a file
   * of floats can hold it. Labels that are all -1, 0 or 1 are classes of points, and have none.
   */
  public static TargetScale scale(Samples samples, Card card) throws IOException {
    SampleShape shape = samples.shape();
    double[] labels = new double[Math.multiplyExact(card.outputs(), shape.points())];
    Moments moments = new Moments(card.outputs());
    boolean binary = true;
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      moments.count(labels);
      for (int k = 0; binary && k < labels.length; k++) {
        binary = labels[k] == -1 || labels[k] == 0 || labels[k] == 1;
      }
    }
    if (binary) {
      return TargetScale.none(card.outputs());
    }
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      moments.spread(labels);
    }
    List<Double> mean = new ArrayList<>();
    List<Double> sd = new ArrayList<>();
    for (int o = 0; o < card.outputs(); o++) {
      float rounded = (float) moments.mean(o);
      if (!Float.isFinite(rounded)) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "labels of output %d are too large to take their mean: scale them first",
                o));
      }
      mean.add((double) rounded);
      sd.add(deviation(moments.sd(o)));
    }
    return new TargetScale(mean, sd);
  }

  private static double deviation(double exact) {
    float sd = (float) exact;
    return sd > 0 && Float.isFinite(sd) ? sd : 1;
  }
}

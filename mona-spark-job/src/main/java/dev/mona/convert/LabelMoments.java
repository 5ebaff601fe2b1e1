package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.data.Moments;
import dev.mona.data.Samples;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Mean and standard deviation of the labels of a dense task, in two passes. */
public final class LabelMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int outputs;
  private Moments moments;
  private boolean binary = true;

  public LabelMoments(int outputs) {
    this.outputs = outputs;
    moments = new Moments(outputs);
  }

  /**
   * The scale of a split: mean and population standard deviation of each output over samples and
   * grid, in two passes; 1 for the deviation of a constant output. Rounded to float, so that a file
   * of floats can hold it. Labels that are all -1, 0 or 1 are classes of points, and have none.
   */
  public static TargetScale scale(Samples samples, Card card) throws IOException {
    SampleShape shape = samples.shape();
    double[] labels = new double[Math.multiplyExact(card.outputs(), shape.points())];
    LabelMoments all = new LabelMoments(card.outputs());
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      all.count(labels);
    }
    if (all.isBinary()) {
      return TargetScale.none(card.outputs());
    }
    for (int i = 0; i < samples.size(); i++) {
      samples.labels(i, labels);
      all.spread(labels);
    }
    return all.scale();
  }

  /** The first pass. */
  public void count(double[] labels) {
    moments.count(labels);
    for (int k = 0; binary && k < labels.length; k++) {
      binary = labels[k] == -1 || labels[k] == 0 || labels[k] == 1;
    }
  }

  /** The second pass. */
  public void spread(double[] labels) {
    moments.spread(labels);
  }

  /** Adds the first pass over other labels. */
  public LabelMoments and(LabelMoments other) {
    moments = moments.and(other.moments);
    binary &= other.binary;
    return this;
  }

  /** The first pass alone, for a second pass over some of the labels. */
  public LabelMoments counted() {
    LabelMoments copy = new LabelMoments(outputs);
    copy.moments = moments.counted();
    copy.binary = binary;
    return copy;
  }

  /** Adds the second pass over other labels. */
  public LabelMoments andSpread(LabelMoments other) {
    moments.andSpread(other.moments);
    return this;
  }

  /** Whether all labels are -1, 0 or 1. */
  public boolean isBinary() {
    return binary;
  }

  /** After both passes; after the first, none for labels that are classes of points. */
  public TargetScale scale() {
    if (binary) {
      return TargetScale.none(outputs);
    }
    List<Double> mean = new ArrayList<>();
    List<Double> sd = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
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

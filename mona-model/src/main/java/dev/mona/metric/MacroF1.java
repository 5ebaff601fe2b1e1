package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * One minus macro F1: {@code 1 - mean over c of 2 TP_c / (2 TP_c + FP_c + FN_c)}, over the classes
 * that occur among the labels or the predictions. A class that is only predicted, or never
 * predicted, thus counts with F1 = 0, and a class in neither is left out. Decisions as in {@link
 * ErrorRate}; a NaN logit decides for no class. NaN without any such class.
 *
 * <p>ND4J's {@code Evaluation} is not used: its macro average leaves out every class whose F1 is 0,
 * and gives F1 of class 1 alone when there are two classes.
 *
 * @param kind what is predicted
 * @param outputs number of classes or labels
 */
record MacroF1(TaskKind kind, int outputs) implements Metric {
  @Override
  public String id() {
    return MetricKind.MACRO_F1.id();
  }

  @Override
  public Accumulator start() {
    return new Counts(this);
  }

  private static final class Counts extends Decisions {
    private static final long serialVersionUID = 1L;

    private final MacroF1 metric;
    private final long[] hits;
    private final long[] labelled;
    private final long[] predicted;

    Counts(MacroF1 metric) {
      super(metric.kind, metric.outputs);
      this.metric = metric;
      hits = new long[metric.outputs];
      labelled = new long[metric.outputs];
      predicted = new long[metric.outputs];
    }

    @Override
    void choice(int label, int decision) {
      labelled[label]++;
      if (decision >= 0) {
        predicted[decision]++;
      }
      if (decision == label) {
        hits[label]++;
      }
    }

    @Override
    void label(int output, boolean positive, float logit) {
      boolean decision = logit > 0;
      labelled[output] += positive ? 1 : 0;
      predicted[output] += decision ? 1 : 0;
      hits[output] += positive && decision ? 1 : 0;
    }

    @Override
    public void merge(Accumulator other) {
      if (!(other instanceof Counts that) || !metric.equals(that.metric)) {
        throw new IllegalArgumentException("cannot merge another metric into " + metric);
      }
      for (int c = 0; c < hits.length; c++) {
        hits[c] += that.hits[c];
        labelled[c] += that.labelled[c];
        predicted[c] += that.predicted[c];
      }
    }

    @Override
    public double value() {
      double sum = 0;
      int classes = 0;
      for (int c = 0; c < hits.length; c++) {
        // labelled + predicted = 2 TP + FP + FN
        long all = labelled[c] + predicted[c];
        if (all > 0) {
          sum += 2.0 * hits[c] / all;
          classes++;
        }
      }
      return 1 - sum / classes;
    }
  }
}

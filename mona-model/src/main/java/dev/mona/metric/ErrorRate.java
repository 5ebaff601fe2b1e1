package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * 0-1 error: the fraction of wrong decisions. For classification the decision is the class of the
 * largest logit (the first one of equals); for multi-label tasks each of the {@code n * outputs}
 * decisions counts, and a label is predicted when its logit is {@code > 0}. A NaN logit makes a
 * wrong decision. NaN without samples.
 *
 * @param kind what is predicted
 * @param outputs number of classes or labels
 */
record ErrorRate(TaskKind kind, int outputs) implements Metric {
  @Override
  public String id() {
    return MetricKind.ERROR_RATE.id();
  }

  @Override
  public Accumulator start() {
    return new Count(this);
  }

  private static final class Count extends Decisions {
    private static final long serialVersionUID = 1L;

    private final ErrorRate metric;
    private long wrong;
    private long decisions;

    Count(ErrorRate metric) {
      super(metric.kind, metric.outputs);
      this.metric = metric;
    }

    @Override
    void choice(int label, int decision) {
      count(decision == label);
    }

    @Override
    void label(int output, boolean positive, float logit) {
      count(positive ? logit > 0 : logit <= 0);
    }

    private void count(boolean right) {
      decisions++;
      wrong += right ? 0 : 1;
    }

    @Override
    public void merge(Accumulator other) {
      if (!(other instanceof Count that) || !metric.equals(that.metric)) {
        throw new IllegalArgumentException("cannot merge another metric into " + metric);
      }
      wrong += that.wrong;
      decisions += that.decisions;
    }

    @Override
    public double value() {
      return (double) wrong / decisions;
    }
  }
}

package dev.mona.example;

import dev.mona.metric.Accumulator;
import dev.mona.metric.Metric;

/** Share of samples whose largest logit is not the label's. */
public record Errors() implements Metric {
  @Override
  public String id() {
    return "errors";
  }

  @Override
  public Accumulator start() {
    return new Counts();
  }

  private static final class Counts implements Accumulator {
    private static final long serialVersionUID = 1L;
    private long wrong;
    private long all;

    @Override
    public void add(float[] logits, float[] labels, int n) {
      int outputs = logits.length / n;
      for (int i = 0; i < n; i++) {
        int best = 0;
        for (int o = 1; o < outputs; o++) {
          best = logits[i * outputs + o] > logits[i * outputs + best] ? o : best;
        }
        wrong += best == (int) labels[i] ? 0 : 1;
      }
      all += n;
    }

    @Override
    public void merge(Accumulator other) {
      Counts that = (Counts) other;
      wrong += that.wrong;
      all += that.all;
    }

    @Override
    public double value() {
      return (double) wrong / all;
    }
  }
}

package dev.mona.metric;

/**
 * Two metrics of the same samples, in one pass over them. Its value and its name are those of the
 * first.
 *
 * @param first what is asked for
 * @param second what is learnt beside it
 */
public record Beside(Metric first, Metric second) implements Metric {
  @Override
  public String id() {
    return first.id();
  }

  @Override
  public Both start() {
    return new Both(first.start(), second.start());
  }

  @Override
  public long bytesOfSample() {
    return first.bytesOfSample() + second.bytesOfSample();
  }

  /**
   * What both have seen.
   *
   * @param first of the first metric
   * @param second of the second metric
   */
  public record Both(Accumulator first, Accumulator second) implements Accumulator {
    @Override
    public void add(float[] logits, float[] labels, int n) {
      first.add(logits, labels, n);
      second.add(logits, labels, n);
    }

    @Override
    public void merge(Accumulator other) {
      if (!(other instanceof Both that)) {
        throw new IllegalArgumentException("cannot merge one metric into two");
      }
      first.merge(that.first);
      second.merge(that.second);
    }

    @Override
    public double value() {
      return first.value();
    }
  }
}

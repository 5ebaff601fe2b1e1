package dev.mona.convert;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * From the doubles of a split to the floats of its file, the one place where values are rounded. It
 * sees what that costs each channel: a file of floats keeps 24 bits of a value, so a small
 * variation on a large offset is lost.
 */
public final class Narrowing {
  /** Deviation of the rounding error, as a share of the channel's, from which on it is said. */
  private static final double LOSS = 0.01;

  private static final int MOST_NAMED = 8;

  private final String what;
  private final String channel;
  private final double[] first;
  private final double[] sum;
  private final double[] squares;
  private final double[] errors;
  private final boolean[] varies;
  private final boolean[] rounded;
  private long counted;

  /**
   * @param what the values, for messages: "features of train"
   * @param channel what one of their channels is called
   */
  public Narrowing(String what, String channel, int channels) {
    this.what = what;
    this.channel = channel;
    first = new double[channels];
    sum = new double[channels];
    squares = new double[channels];
    errors = new double[channels];
    varies = new boolean[channels];
    rounded = new boolean[channels];
  }

  /**
   * Rounds the values of a sample.
   *
   * @param values {@code [channels, points]}
   * @throws MonaException if a value is larger than a float can be
   */
  public void round(int sample, double[] values, float[] into) {
    int points = values.length / first.length;
    for (int c = 0; c < first.length; c++) {
      if (counted == 0) {
        first[c] = values[c * points];
      }
      for (int k = c * points; k < (c + 1) * points; k++) {
        into[k] = (float) values[k];
        if (!Float.isFinite(into[k])) {
          throw MonaException.data(
              String.format(
                  Locale.ROOT,
                  "%s have the value %s in sample %d, %s %d, position %d, more than a 32-bit float holds: scale them first",
                  what,
                  values[k],
                  sample,
                  channel,
                  c,
                  k - c * points));
        }
        double difference = values[k] - first[c];
        double error = values[k] - into[k];
        varies[c] |= difference != 0;
        rounded[c] |= into[k] != (float) first[c];
        sum[c] += difference;
        squares[c] += difference * difference;
        errors[c] += error * error;
      }
    }
    counted += points;
  }

  /** What a user should know of the channels, a sentence each; empty when all is well. */
  public List<String> sentences() {
    List<Integer> constant = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    List<Integer> coarse = new ArrayList<>();
    for (int c = 0; c < first.length; c++) {
      double spread = squares[c] - sum[c] * sum[c] / Math.max(1, counted);
      if (!varies[c]) {
        constant.add(c);
      } else if (!rounded[c]) {
        lost.add(c);
      } else if (errors[c] > LOSS * LOSS * spread) {
        coarse.add(c);
      }
    }
    List<String> sentences = new ArrayList<>();
    add(sentences, constant, "have one value only, which tells a network nothing");
    add(
        sentences,
        lost,
        "become one value each when rounded to the 32-bit floats of the file: subtract their offset"
            + " first (--standardise does so for features)");
    add(
        sentences,
        coarse,
        "lose more than 1 % of their deviation when rounded to the 32-bit floats of the file:"
            + " subtract their offset first (--standardise does so for features)");
    return sentences;
  }

  private void add(List<String> sentences, List<Integer> channels, String problem) {
    if (!channels.isEmpty()) {
      String named =
          channels.stream()
              .limit(MOST_NAMED)
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
      sentences.add(
          String.format(
              Locale.ROOT,
              "%s: %d of %d %ss (%s%s) %s",
              what,
              channels.size(),
              first.length,
              channel,
              named,
              channels.size() > MOST_NAMED ? ", .." : "",
              problem));
    }
  }
}

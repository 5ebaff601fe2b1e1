package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import java.util.Arrays;
import java.util.List;

/** Samples of one split as its two arrays give them, checked value by value as they are read. */
final class ArraySamples {
  private final NpyArray x;
  private final NpyArray y;
  private final String xName;
  private final String yName;
  private final TaskKind kind;
  private final int outputs;
  private final Encoding encoding;
  private final int channels;
  private final int length;

  /**
   * @param x features {@code [n, L]} or {@code [n, C, L]}
   * @param y labels {@code [n]} for classes, {@code [n, outputs]} of 0 and 1 for labels
   */
  ArraySamples(Split split, NpyArray x, NpyArray y, Card card, Encoding encoding) {
    this.x = x;
    this.y = y;
    xName = "x_" + split.id();
    yName = "y_" + split.id();
    kind = card.kind();
    outputs = card.outputs();
    this.encoding = encoding;
    List<Integer> shape = x.shape();
    if (shape.size() < 2 || shape.size() > 3 || shape.contains(0)) {
      throw MonaException.data(
          xName
              + " has shape "
              + shape
              + ": it must be [samples, length] or"
              + " [samples, channels, length], none of them 0");
    }
    length = shape.get(shape.size() - 1);
    channels =
        encoding instanceof Encoding.OneHot oneHot
            ? oneHot.symbols()
            : shape.size() == 3 ? shape.get(1) : 1;
    if (encoding instanceof Encoding.OneHot && !(shape.size() == 2 && x.type().isInteger())) {
      throw MonaException.data(
          xName
              + " has shape "
              + shape
              + " of "
              + x.type().descr()
              + ": one-hot needs [samples, length] of whole numbers");
    }
    if ((long) channels * length > Manifest.MAX_FEATURES) {
      throw MonaException.data(
          xName
              + " has samples of "
              + channels
              + " x "
              + length
              + " values, at most "
              + Manifest.MAX_FEATURES
              + " are supported: shorten them");
    }
    List<Integer> labels =
        switch (kind) {
          case CLASSIFICATION -> List.of(size());
          case MULTI_LABEL, DENSE -> List.of(size(), outputs);
        };
    if (!y.shape().equals(labels)) {
      throw MonaException.data(
          yName + " has shape " + y.shape() + ": to go with " + xName + " it must be " + labels);
    }
    if (kind == TaskKind.CLASSIFICATION && !y.type().isInteger()) {
      throw MonaException.data(
          yName + " has dtype " + y.type().descr() + ": class labels must be whole numbers");
    }
    if (card.samples().containsKey(split) && card.samples().get(split) != size()) {
      throw MonaException.data(
          xName
              + " has "
              + size()
              + " samples and the card says "
              + card.samples().get(split)
              + ": mend one of the two");
    }
  }

  int size() {
    return x.shape().get(0);
  }

  int channels() {
    return channels;
  }

  int length() {
    return length;
  }

  /** Reads features {@code [C, L]} of a sample. */
  void features(int sample, float[] features) {
    if (encoding instanceof Encoding.OneHot) {
      oneHot(sample, features);
    } else {
      plain(sample, features);
    }
  }

  private void plain(int sample, float[] features) {
    for (int k = 0; k < features.length; k++) {
      double value = x.value(sample * features.length + k);
      features[k] = (float) value;
      if (!Float.isFinite(features[k])) {
        throw MonaException.data(
            xName
                + " has the value "
                + value
                + " in sample "
                + sample
                + ", channel "
                + k / length
                + ", position "
                + k % length
                + ": replace it or leave the sample out");
      }
    }
  }

  private void oneHot(int sample, float[] features) {
    Arrays.fill(features, 0);
    for (int k = 0; k < length; k++) {
      long symbol = x.integer(sample * length + k);
      if (symbol < 0 || symbol >= channels) {
        throw MonaException.data(
            xName
                + " has the symbol "
                + symbol
                + " in sample "
                + sample
                + ", position "
                + k
                + ": one-hot of "
                + channels
                + " symbols takes 0 to "
                + (channels - 1));
      }
      features[(int) symbol * length + k] = 1;
    }
  }

  /** Reads the label of a sample. */
  void labels(int sample, float[] labels) {
    switch (kind) {
      case CLASSIFICATION -> {
        long label = y.integer(sample);
        if (label < 0 || label >= outputs) {
          throw MonaException.data(
              yName
                  + " has the label "
                  + label
                  + " for sample "
                  + sample
                  + ": "
                  + outputs
                  + " classes have labels 0 to "
                  + (outputs - 1));
        }
        labels[0] = label;
      }
      case MULTI_LABEL, DENSE -> {
        for (int k = 0; k < outputs; k++) {
          double label = y.value(sample * outputs + k);
          if (label != 0 && label != 1) {
            throw MonaException.data(
                yName
                    + " has the value "
                    + label
                    + " for sample "
                    + sample
                    + ", label "
                    + k
                    + ": labels are 0 or 1");
          }
          labels[k] = (float) label;
        }
      }
    }
  }
}

package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Samples of one split as its two arrays give them, checked value by value as they are read. */
final class ArraySamples implements Samples {
  /** What a 16-bit sample is divided by. */
  private static final float PCM_SCALE = 32768;

  private final NpyArray x;
  private final NpyArray y;
  private final String xName;
  private final String yName;
  private final TaskKind kind;
  private final int outputs;
  private final Encoding encoding;
  private final SampleShape shape;
  private final @Nullable LogMelSpectrogram spectrogram;

  /**
   * Checks the arrays' shapes.
   *
   * @param name what stands behind {@code x_} and {@code y_}
   * @param x features {@code [n, L]}, {@code [n, C, L]} or {@code [n, C, H, W]}; {@code [n, H, W]}
   *     as well when images are asked for, or when a dense label has the same grid
   * @param y labels {@code [n]} for classes, {@code [n, outputs]} of 0 and 1 for labels, {@code [n,
   *     outputs, grid]} for fields, {@code [n, grid]} for one of them
   */
  ArraySamples(String name, NpyArray x, NpyArray y, Card card, NumpyOptions options) {
    this.x = x;
    this.y = y;
    xName = "x_" + name;
    yName = "y_" + name;
    kind = card.kind();
    outputs = card.outputs();
    encoding = options.encoding();
    List<Integer> axes = x.shape();
    if (axes.size() < 2 || axes.size() > 4 || axes.contains(0)) {
      throw refusedShape("[samples, channels, height, width]");
    }
    boolean image = axes.size() == 4 || (axes.size() == 3 && (options.image() || sameGrid()));
    if (options.image() && !image) {
      throw refusedShape("[samples, height, width] to be images");
    }
    if (encoding instanceof Encoding.OneHot && !(axes.size() == 2 && x.type().isInteger())) {
      throw MonaException.data(
          xName
              + " has shape "
              + axes
              + " of "
              + x.type().descr()
              + ": one-hot needs [samples, length] of whole numbers");
    }
    spectrogram = encoding instanceof Encoding.LogMel mel ? spectrogram(mel) : null;
    if (spectrogram != null && encoding instanceof Encoding.LogMel mel) {
      int frames = spectrogram.frames(axes.get(1));
      Manifest.checkValues(xName, 1, mel.mels(), frames);
      shape = new SampleShape(1, mel.mels(), frames);
      checkLabels(List.of(mel.mels(), frames));
      return;
    }
    int last = axes.get(axes.size() - 1);
    int channels =
        encoding instanceof Encoding.OneHot oneHot
            ? oneHot.symbols()
            : axes.size() == 4 || (axes.size() == 3 && !image) ? axes.get(1) : 1;
    int height = image ? axes.get(axes.size() - 2) : 1;
    Manifest.checkValues(xName, channels, height, last);
    shape = new SampleShape(channels, height, last);
    checkLabels(image ? List.of(height, last) : List.of(last));
  }

  private LogMelSpectrogram spectrogram(Encoding.LogMel mel) {
    List<Integer> axes = x.shape();
    if (axes.size() != 2 || (x.type().isInteger() && x.type() != NpyType.INT16)) {
      throw MonaException.data(
          "%s has shape %s of %s: log-mel needs [samples, length] of int16 or of floats from -1 to 1"
              .formatted(xName, axes, x.type().descr()));
    }
    if (axes.get(1) < mel.frame()) {
      throw MonaException.data(
          "%s has sounds of %d samples, shorter than a frame of %d: use shorter frames"
              .formatted(xName, axes.get(1), mel.frame()));
    }
    return new LogMelSpectrogram(mel);
  }

  /** Whether a dense label lies on the last two axes of the features. */
  private boolean sameGrid() {
    List<Integer> axes = x.shape();
    List<Integer> labels = y.shape();
    return kind == TaskKind.DENSE
        && labels.size() == (outputs == 1 ? Math.min(labels.size(), 4) : 4)
        && labels.size() >= 3
        && labels.subList(labels.size() - 2, labels.size()).equals(axes.subList(1, 3));
  }

  private void checkLabels(List<Integer> grid) {
    List<Integer> wanted = new ArrayList<>(List.of(size()));
    switch (kind) {
      case CLASSIFICATION -> {}
      case MULTI_LABEL -> wanted.add(outputs);
      case DENSE -> {
        if (outputs > 1 || y.shape().size() > 1 + grid.size()) {
          wanted.add(outputs);
        }
        wanted.addAll(grid);
        Manifest.checkValues(yName, outputs, grid.size() == 2 ? grid.get(0) : 1, shape.width());
      }
    }
    if (!y.shape().equals(wanted)) {
      throw MonaException.data(
          yName + " has shape " + y.shape() + ": to go with " + xName + " it must be " + wanted);
    }
    if (kind == TaskKind.CLASSIFICATION && !y.type().isInteger()) {
      throw MonaException.data(
          yName + " has dtype " + y.type().descr() + ": class labels must be whole numbers");
    }
  }

  private MonaException refusedShape(String last) {
    return MonaException.data(
        xName
            + " has shape "
            + x.shape()
            + ": it must be [samples, length], [samples, channels, length] or "
            + last
            + ", none of them 0");
  }

  @Override
  public int size() {
    return x.shape().get(0);
  }

  @Override
  public SampleShape shape() {
    return shape;
  }

  @Override
  public void features(int sample, float[] features) {
    if (spectrogram != null) {
      float[] pcm = new float[x.shape().get(1)];
      plain(sample, pcm);
      for (int k = 0; k < pcm.length && x.type() == NpyType.INT16; k++) {
        pcm[k] /= PCM_SCALE;
      }
      spectrogram.write(pcm, features);
    } else if (encoding instanceof Encoding.OneHot) {
      oneHot(sample, features);
    } else {
      plain(sample, features);
    }
  }

  private void plain(int sample, float[] features) {
    int points = spectrogram == null ? shape.points() : features.length;
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
                + k / points
                + ", position "
                + k % points
                + ": replace it or leave the sample out");
      }
    }
  }

  private void oneHot(int sample, float[] features) {
    int channels = shape.channels();
    int length = shape.width();
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

  @Override
  public void labels(int sample, float[] labels) {
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
      case MULTI_LABEL -> {
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
      case DENSE -> {
        for (int k = 0; k < labels.length; k++) {
          double label = y.value(sample * labels.length + k);
          labels[k] = (float) label;
          if (!Float.isFinite(labels[k])) {
            throw MonaException.data(
                yName
                    + " has the value "
                    + label
                    + " for sample "
                    + sample
                    + ", position "
                    + k
                    + ": replace it or leave the sample out");
          }
        }
      }
    }
  }
}

package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.LogMelSpectrogram;
import dev.mona.data.Encoding;
import dev.mona.data.Manifest;
import dev.mona.data.Samples;
import dev.mona.task.SampleShape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Samples of one split as its two arrays give them, checked value by value as they are read. */
final class ArraySamples implements Samples {
  /** What a 16-bit sample is divided by. */
  private static final double PCM_SCALE = 32768;

  private final NpyArray x;
  private final String xName;
  private final ArrayLabels labels;
  private final Encoding encoding;
  private final SampleShape shape;
  private final @Nullable LogMelSpectrogram spectrogram;

  /**
   * Checks the arrays' shapes.
   *
   * @param name what stands behind {@code x_} and {@code y_}
   * @param x features {@code [n, L]}, {@code [n, C, L]} or {@code [n, C, H, W]}; {@code [n, H, W]}
   *     as well when images are asked for, or when a dense label has the same grid
   * @param y labels, see {@link ArrayLabels}
   */
  ArraySamples(String name, NpyArray x, NpyArray y, Card card, NumpyOptions options) {
    this.x = x;
    xName = "x_" + name;
    labels = new ArrayLabels("y_" + name, y, card);
    encoding = options.encoding();
    List<Integer> axes = x.shape();
    if (axes.size() < 2 || axes.size() > 4 || axes.contains(0)) {
      throw refusedShape("[samples, channels, height, width]");
    }
    spectrogram = encoding instanceof Encoding.LogMel mel ? spectrogram(mel) : null;
    if (encoding instanceof Encoding.OneHot && !(axes.size() == 2 && x.type().isInteger())) {
      throw MonaException.data(
          "%s has shape %s of %s: one-hot needs [samples, length] of whole numbers"
              .formatted(xName, axes, x.type().descr()));
    }
    boolean image =
        axes.size() == 4
            || (axes.size() == 3 && (options.image() || labels.areFieldsOn(axes.subList(1, 3))));
    if (options.image() && !image) {
      throw refusedShape("[samples, height, width] to be images");
    }
    int channels = axes.size() == 4 || (axes.size() == 3 && !image) ? axes.get(1) : 1;
    int height = image ? axes.get(axes.size() - 2) : 1;
    int width = axes.get(axes.size() - 1);
    if (encoding instanceof Encoding.OneHot oneHot) {
      channels = oneHot.symbols();
    } else if (spectrogram != null) {
      image = true;
      height = spectrogram.mels();
      width = spectrogram.frames(width);
    }
    Manifest.checkValues(xName, channels, height, width);
    shape = new SampleShape(channels, height, width);
    labels.check(xName, size(), image ? List.of(height, width) : List.of(width));
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
          String.format(
              Locale.ROOT,
              "%s has sounds of %d samples, shorter than a frame of %d: use shorter frames",
              xName,
              axes.get(1),
              mel.frame()));
    }
    return new LogMelSpectrogram(mel);
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
  public void features(int sample, double[] features) {
    if (spectrogram != null) {
      double[] pcm = new double[x.shape().get(1)];
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

  private void plain(int sample, double[] features) {
    int points = spectrogram == null ? shape.points() : features.length;
    for (int k = 0; k < features.length; k++) {
      double value = x.value((long) sample * features.length + k);
      features[k] = value;
      if (!Double.isFinite(value)) {
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

  private void oneHot(int sample, double[] features) {
    int channels = shape.channels();
    int length = shape.width();
    Arrays.fill(features, 0);
    for (int k = 0; k < length; k++) {
      long symbol = x.integer((long) sample * length + k);
      if (symbol < 0 || symbol >= channels) {
        throw MonaException.data(
            xName
                + " has the symbol "
                + x.type().text(symbol)
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
  public void labels(int sample, double[] into) {
    labels.read(sample, into);
  }
}

package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.data.Encoding;
import java.util.Locale;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * The log-mel spectrogram of a sound, an image {@code [1, mels, frames]}: {@code ln(M |X|^2 +
 * 1e-6)}, where X is the Fourier transform of a frame under a periodic Hann window and M the bank
 * of triangular filters from 0 to half the sample rate, equally spaced on the mel scale of Slaney's
 * Auditory Toolbox (1998) and normalised to equal area. Frames lie within the sound: nothing is
 * padded, and what is left over at its end is not used.
 *
 * <p>librosa's {@code feature.melspectrogram} with {@code center=False} gives the same {@code M
 * |X|^2}.
 */
public final class LogMelSpectrogram {
  /** Added to every power, so that digital silence lies near the rest. */
  static final double FLOOR = 1e-6;

  private static final double LINEAR_STEP = 200.0 / 3;
  private static final double LOG_START = 1000;
  private static final double LOG_STEP = Math.log(6.4) / 27;

  private final Encoding.LogMel settings;
  private final double[] window;

  /** Number of the first frequency of each filter, and its weights from there on. */
  private final int[] first;

  private final double[][] weights;

  /**
   * Prepares window and filters.
   *
   * @throws MonaException if there are more mels than the frame can tell apart
   */
  public LogMelSpectrogram(Encoding.LogMel settings) {
    this.settings = settings;
    int frame = settings.frame();
    window = new double[frame];
    for (int n = 0; n < frame; n++) {
      window[n] = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / frame);
    }
    int mels = settings.mels();
    first = new int[mels];
    weights = new double[mels][];
    double step = mel(settings.sampleRate() / 2.0) / (mels + 1);
    for (int m = 0; m < mels; m++) {
      fill(m, hertz(m * step), hertz((m + 1) * step), hertz((m + 2) * step));
    }
  }

  private void fill(int m, double low, double centre, double high) {
    double spacing = (double) settings.sampleRate() / settings.frame();
    int from = (int) Math.floor(low / spacing) + 1;
    int to = Math.min((int) Math.ceil(high / spacing), settings.frame() / 2 + 1);
    if (from >= to) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "%d mels are too many for frames of %d samples at %d Hz, no frequency lies in mel %d: use fewer mels or longer frames",
              settings.mels(),
              settings.frame(),
              settings.sampleRate(),
              m));
    }
    first[m] = from;
    weights[m] = new double[to - from];
    for (int k = from; k < to; k++) {
      double rising = (k * spacing - low) / (centre - low);
      double falling = (high - k * spacing) / (high - centre);
      weights[m][k - from] = Math.min(rising, falling) * 2 / (high - low);
    }
  }

  /** Rows of a spectrogram. */
  public int mels() {
    return settings.mels();
  }

  /** Frames of a sound; 0 if it is shorter than one. */
  public int frames(int samples) {
    return samples < settings.frame() ? 0 : 1 + (samples - settings.frame()) / settings.hop();
  }

  /**
   * The spectrogram of a sound.
   *
   * @param pcm samples, from -1 to 1
   * @return row-major {@code [mels, frames]}
   */
  public double[] of(double[] pcm) {
    double[] image = new double[Math.multiplyExact(settings.mels(), frames(pcm.length))];
    write(pcm, image);
    return image;
  }

  /** Writes the spectrogram of a sound into {@code [mels, frames]}. */
  public void write(double[] pcm, double[] into) {
    int frames = frames(pcm.length);
    int frame = settings.frame();
    double[][] spectrum = new double[2][frame];
    for (int t = 0; t < frames; t++) {
      for (int n = 0; n < frame; n++) {
        spectrum[0][n] = window[n] * pcm[t * settings.hop() + n];
        spectrum[1][n] = 0;
      }
      FastFourierTransformer.transformInPlace(
          spectrum, DftNormalization.STANDARD, TransformType.FORWARD);
      for (int m = 0; m < weights.length; m++) {
        into[m * frames + t] = Math.log(power(m, spectrum) + FLOOR);
      }
    }
  }

  private double power(int m, double[][] spectrum) {
    double sum = 0;
    for (int k = 0; k < weights[m].length; k++) {
      double real = spectrum[0][first[m] + k];
      double imaginary = spectrum[1][first[m] + k];
      sum += weights[m][k] * (real * real + imaginary * imaginary);
    }
    return sum;
  }

  private static double mel(double hertz) {
    return hertz < LOG_START
        ? hertz / LINEAR_STEP
        : LOG_START / LINEAR_STEP + Math.log(hertz / LOG_START) / LOG_STEP;
  }

  private static double hertz(double mel) {
    double start = LOG_START / LINEAR_STEP;
    return mel < start ? mel * LINEAR_STEP : LOG_START * Math.exp((mel - start) * LOG_STEP);
  }
}

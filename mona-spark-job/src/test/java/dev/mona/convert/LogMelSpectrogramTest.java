package dev.mona.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.data.Encoding;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a direct Fourier sum, and filters written down from their definition. */
class LogMelSpectrogramTest {

  @ParameterizedTest
  @CsvSource({"8000, 256, 80, 64, 1000", "16000, 512, 160, 40, 1031", "8000, 64, 64, 8, 64"})
  void isTheLogarithmOfFilteredPowers(int rate, int frame, int hop, int mels, int samples) {
    Random random = new Random(rate + samples);
    double[] pcm = new double[samples];
    for (int n = 0; n < samples; n++) {
      pcm[n] = (0.3 * Math.sin(0.4 * n) + 0.1 * random.nextGaussian());
    }
    LogMelSpectrogram spectrogram =
        new LogMelSpectrogram(new Encoding.LogMel(rate, frame, hop, mels));
    int frames = 1 + (samples - frame) / hop;
    assertThat(spectrogram.frames(samples)).isEqualTo(frames);
    double[] image = spectrogram.of(pcm);
    assertThat(image).hasSize(mels * frames);
    for (int t = 0; t < frames; t++) {
      double[] power = powers(pcm, t * hop, frame);
      for (int m = 0; m < mels; m++) {
        double sum = 0;
        for (int k = 0; k <= frame / 2; k++) {
          sum += filter(m, mels, rate, (double) k * rate / frame) * power[k];
        }
        assertThat(image[m * frames + t])
            .as("mel %d, frame %d", m, t)
            .isCloseTo(Math.log(sum + 1e-6), within(1e-5));
      }
    }
  }

  @Test
  void theLoudestMelOfAToneIsItsOwn() {
    // 1 kHz is 15 mel, half the sample rate 15 + 27 ln 4 / ln 6.4 = 35.16; 64 filters lie 0.541
    // apart, so that number 27, at 28 x 0.541 = 15.15, is the nearest
    double[] pcm = new double[8000];
    for (int n = 0; n < pcm.length; n++) {
      pcm[n] = Math.sin(2 * Math.PI * 1000 * n / 8000);
    }
    LogMelSpectrogram spectrogram = new LogMelSpectrogram(Encoding.LogMel.at(8000));
    int frames = spectrogram.frames(8000);
    double[] image = spectrogram.of(pcm);
    int loudest = 0;
    for (int m = 1; m < 64; m++) {
      loudest = image[m * frames] > image[loudest * frames] ? m : loudest;
    }
    assertThat(loudest).isBetween(26, 28);
  }

  @Test
  void silenceIsTheFloor() {
    double[] image = new LogMelSpectrogram(Encoding.LogMel.at(8000)).of(new double[256]);
    assertThat(image).hasSize(64).containsOnly(Math.log(1e-6));
  }

  @Test
  void whatIsShorterThanAFrameHasNone() {
    LogMelSpectrogram spectrogram = new LogMelSpectrogram(Encoding.LogMel.at(8000));
    assertThat(spectrogram.frames(255)).isZero();
    assertThat(spectrogram.of(new double[255])).isEmpty();
  }

  @Test
  void usualFramesHave25MillisecondsOrMore() {
    assertThat(Encoding.LogMel.at(8000)).isEqualTo(new Encoding.LogMel(8000, 256, 80, 64));
    assertThat(Encoding.LogMel.at(16000)).isEqualTo(new Encoding.LogMel(16000, 512, 160, 64));
    assertThat(Encoding.LogMel.at(44100)).isEqualTo(new Encoding.LogMel(44100, 2048, 441, 64));
  }

  @Test
  void refusesMoreMelsThanFrequencies() {
    assertThatThrownBy(() -> new LogMelSpectrogram(new Encoding.LogMel(8000, 256, 80, 200)))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("200 mels are too many for frames of 256 samples at 8000 Hz");
  }

  @ParameterizedTest
  @CsvSource({
    "999, 256, 80, 64",
    "8000, 200, 80, 64",
    "8000, 8, 4, 64",
    "8000, 256, 0, 64",
    "8000, 256, 257, 64",
    "8000, 256, 80, 1"
  })
  void refusesImpossibleSettings(int rate, int frame, int hop, int mels) {
    assertThatThrownBy(() -> new Encoding.LogMel(rate, frame, hop, mels))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("log-mel of " + rate + " Hz, frames of " + frame);
  }

  /** Squared magnitudes of the Fourier sum of a frame under a periodic Hann window. */
  private static double[] powers(double[] pcm, int start, int frame) {
    double[] powers = new double[frame / 2 + 1];
    for (int k = 0; k < powers.length; k++) {
      double real = 0;
      double imaginary = 0;
      for (int n = 0; n < frame; n++) {
        double value = pcm[start + n] * Math.pow(Math.sin(Math.PI * n / frame), 2);
        real += value * Math.cos(2 * Math.PI * k * n / frame);
        imaginary -= value * Math.sin(2 * Math.PI * k * n / frame);
      }
      powers[k] = real * real + imaginary * imaginary;
    }
    return powers;
  }

  /** Weight of a frequency in a filter: a triangle of area 1. */
  private static double filter(int m, int mels, int rate, double hertz) {
    double low = hertz(m, mels, rate);
    double centre = hertz(m + 1, mels, rate);
    double high = hertz(m + 2, mels, rate);
    if (hertz <= low || hertz >= high) {
      return 0;
    }
    double height = 2 / (high - low);
    return height
        * (hertz < centre ? (hertz - low) / (centre - low) : (high - hertz) / (high - centre));
  }

  /** Edge i of the bank: below 1 kHz 3 mel are 200 Hz, above it 27 mel are a factor of 6.4. */
  private static double hertz(int i, int mels, int rate) {
    double highest = 15 + 27 * Math.log(rate / 2000.0) / Math.log(6.4);
    double mel = i * highest / (mels + 1);
    return mel <= 15 ? 200 * mel / 3 : 1000 * Math.pow(6.4, (mel - 15) / 27);
  }
}

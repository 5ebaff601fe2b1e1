package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.convert.LogMelSpectrogram;
import java.util.Locale;

/** How the numbers of a source array became features. */
public sealed interface Encoding {

  /** Name in the manifest. */
  String id();

  /** Numbers as they are: {@code [L]} becomes {@code [1, L]}, {@code [C, L]} stays. */
  record Plain() implements Encoding {
    @Override
    public String id() {
      return "plain";
    }
  }

  /**
   * Symbols {@code 0 .. symbols - 1} of a sequence {@code [L]} become {@code [symbols, L]}: channel
   * {@code s} is 1 where the symbol is {@code s} and 0 elsewhere.
   *
   * @param symbols size of the alphabet
   */
  record OneHot(int symbols) implements Encoding {
    public OneHot {
      if (symbols < 2 || symbols > 1024) {
        throw new IllegalArgumentException("one-hot needs 2 to 1024 symbols, not " + symbols);
      }
    }

    @Override
    public String id() {
      return "one_hot";
    }
  }

  /**
   * Sounds {@code [L]} become their {@link LogMelSpectrogram} {@code [1, mels, frames]}. 16-bit
   * samples are divided by 32,768 first.
   *
   * @param sampleRate samples a second
   * @param frame samples of a frame, a power of two
   * @param hop samples from one frame to the next
   * @param mels filters
   */
  record LogMel(int sampleRate, int frame, int hop, int mels) implements Encoding {
    static final int MIN_RATE = 1000;
    static final int MAX_RATE = 1_000_000;
    static final int MIN_FRAME = 16;
    static final int MAX_FRAME = 1 << 16;
    static final int MAX_MELS = 1024;

    public LogMel {
      if (sampleRate < MIN_RATE
          || sampleRate > MAX_RATE
          || frame < MIN_FRAME
          || frame > MAX_FRAME
          || Integer.bitCount(frame) != 1
          || hop < 1
          || hop > frame
          || mels < 2
          || mels > MAX_MELS) {
        throw MonaException.configuration(
            String.format(
                Locale.ROOT,
                "log-mel of %d Hz, frames of %d, hop %d, %d mels: it needs %d to %d Hz, a frame that is a power of two from %d to %d, a hop from 1 to the frame and 2 to %d mels",
                sampleRate,
                frame,
                hop,
                mels,
                MIN_RATE,
                MAX_RATE,
                MIN_FRAME,
                MAX_FRAME,
                MAX_MELS));
      }
    }

    /** 64 mels, a hop of 10 ms, and the least power of two that makes frames of 25 ms or more. */
    public static LogMel at(int sampleRate) {
      int least = Math.max(MIN_FRAME, Math.min(sampleRate, MAX_RATE) / 40);
      int frame = Integer.highestOneBit(2 * least - 1);
      return new LogMel(sampleRate, frame, Math.max(1, sampleRate / 100), 64);
    }

    @Override
    public String id() {
      return "log_mel";
    }
  }
}

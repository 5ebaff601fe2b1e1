package dev.mona.corpus;

import java.io.Serializable;
import java.util.Locale;

/**
 * What the process that tokenises may take.
 *
 * @param seconds of wall-clock time, from its start to its last text; at least 1
 * @param mebibytes of memory, those of its Java heap included; at least {@link #LEAST_MEBIBYTES}
 */
public record TokenizerLimits(int seconds, int mebibytes) implements Serializable {
  /** What a process needs for an empty tokenizer. */
  public static final int LEAST_MEBIBYTES = 512;

  public TokenizerLimits {
    if (seconds < 1 || mebibytes < LEAST_MEBIBYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a tokenizer needs 1 s and %d MiB at least, not %d s and %d MiB",
              LEAST_MEBIBYTES,
              seconds,
              mebibytes));
    }
  }
}

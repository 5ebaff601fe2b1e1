package dev.mona.doctor;

import java.util.Locale;

/** Sizes in words. */
final class Bytes {
  private Bytes() {}

  /** In GiB from one on, in MiB below. */
  static String text(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
        : (bytes >> 20) + " MiB";
  }
}

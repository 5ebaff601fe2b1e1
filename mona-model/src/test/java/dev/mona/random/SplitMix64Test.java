package dev.mona.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  @Test
  void matchesTheFirstOutputsPublishedForSeed1234567() {
    long[] published = {
      6457827717110365317L,
      3203168211198807973L,
      Long.parseUnsignedLong("9817491932198370423"),
      4593380528125082431L,
      Long.parseUnsignedLong("16408922859458223821")
    };
    for (int i = 0; i < published.length; i++) {
      assertThat(SplitMix64.mix(1234567L + (i + 1) * GAMMA)).isEqualTo(published[i]);
    }
  }

  @Test
  void hashingOneValueIsTheFirstDrawOfTheJdksGenerator() {
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(SplitMix64.hash(seed)).isEqualTo(new SplittableRandom(seed).nextLong());
    }
  }

  @Test
  void hashIsTheFoldOfThen() {
    assertThat(SplitMix64.then(SplitMix64.hash(3, 5), 7)).isEqualTo(SplitMix64.hash(3, 5, 7));
    assertThat(SplitMix64.hash(3, 5)).isNotEqualTo(SplitMix64.hash(5, 3));
  }

  @Test
  void oneFlippedBitFlipsAboutHalfOfTheOutput() {
    double flipped = 0;
    int trials = 0;
    for (long value = 0; value < 200; value++) {
      for (int bit = 0; bit < 64; bit++) {
        flipped +=
            Long.bitCount(SplitMix64.hash(9, value) ^ SplitMix64.hash(9, value ^ (1L << bit)));
        trials++;
      }
    }
    assertThat(flipped / trials).isBetween(31.5, 32.5);
  }
}

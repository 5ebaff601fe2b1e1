package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedProcessesTest {
  private static final long GIB = 1L << 30;

  private static SeedProcesses of(int atOnce, String master, long memory, long heap) {
    return SeedProcesses.fitting(atOnce, master, memory, heap, new PrintWriter(new StringWriter()));
  }

  private static void assertRefused(int atOnce, String master, long heap, String sentence) {
    assertThatThrownBy(() -> of(atOnce, master, 8 * GIB, heap))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void processesThatFitAreTaken() {
    assertThat(of(2, "local[4]", 8 * GIB, 2 * GIB).cores()).isEqualTo(4);
    assertThat(of(4, "local[4, 2]".replace(" ", ""), 8 * GIB, GIB).atOnce()).isEqualTo(4);
    // one is this process, wherever its executors are
    assertThat(of(1, "yarn", 0, GIB).atOnce()).isEqualTo(1);
    assertThat(of(1, "", 8 * GIB, 7 * GIB).cores())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void processesThatDoNotFitAreRefused() {
    assertRefused(3, "local[2]", GIB, "--processes is 3, must be from 1 to 2, a core for each");
    assertRefused(2, "local", GIB, "must be from 1 to 1");
    assertRefused(0, "local[2]", GIB, "--processes is 0, must be from 1 to 2");
    assertRefused(2, "yarn", GIB, "--processes is 2 and Spark's master 'yarn' is not this machine");
    assertRefused(2, "local-cluster[2,1,1024]", GIB, "is not this machine");
    assertRefused(
        2, "local[2]", 3 * GIB, "each with a heap of 3072 MiB, more than half of the 8192 MiB");
  }

  /** A unit less, so that nothing is rounded away. */
  @Test
  void theLimitOfArraysIsShared() {
    String key = "-Dorg.bytedeco.javacpp.maxbytes=";
    assertThat(SeedProcesses.shared(key + "3g", 2)).isEqualTo(key + "1536m");
    assertThat(SeedProcesses.shared(key + "18001M", 2)).isEqualTo(key + "9216512k");
    assertThat(SeedProcesses.shared(key + "1000", 4)).isEqualTo(key + "250");
    assertThat(SeedProcesses.shared(key + "2kb", 4)).isEqualTo(key + "512");
    for (String other : List.of("-Xmx3g", "compare", key + "lots")) {
      assertThat(SeedProcesses.shared(other, 2)).isEqualTo(other);
    }
  }

  @Test
  void aShareIsReadAsItIsWritten() {
    for (long seed : new long[] {7, Long.MAX_VALUE, Long.MIN_VALUE}) {
      SeedProcesses.Share share =
          new SeedProcesses.Share(seed, 2, List.of("mona", "mona-alpha-0.1"));
      assertThat(SeedProcesses.Share.parse(share.text())).isEqualTo(share);
    }
    for (String text : List.of("", "7 2", "x 2 mona", "7 2 mona more")) {
      assertThatThrownBy(() -> SeedProcesses.Share.parse(text))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("MONA_COMPARE_SHARE is set by mona compare");
    }
  }
}

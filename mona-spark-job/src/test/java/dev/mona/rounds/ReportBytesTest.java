package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportBytesTest {
  @Test
  void everyNumberArrivesAsItIs() {
    Map<String, Double> sums = new LinkedHashMap<>();
    sums.put("loss", 0.1 + 0.2);
    sums.put("cosine", Double.NaN);
    sums.put("\u00e9", Double.NEGATIVE_INFINITY);
    Contribution.Report report =
        new Contribution.Report(
            17, 4, 1e-9, new Diagnostics(sums, Map.of("loss", 17L, "cosine", 4L, "\u00e9", 1L)));
    Contribution.Report read = ReportBytes.read(ReportBytes.of(report));
    assertThat(read).isEqualTo(report);
    assertThat(read.metrics().sums().keySet()).containsExactly("loss", "cosine", "\u00e9");
  }

  @Test
  void whatIsCutOrNoReportIsRefused() {
    byte[] bytes =
        ReportBytes.of(
            new Contribution.Report(
                1, 1, 1, new Diagnostics(Map.of("loss", 1.0), Map.of("loss", 1L))));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ReportBytes.read(cut)).isInstanceOf(UncheckedIOException.class);
    }
    byte[] many = bytes.clone();
    many[24] = 0x7f;
    assertThatThrownBy(() -> ReportBytes.read(many)).hasMessageContaining("no report");
  }
}

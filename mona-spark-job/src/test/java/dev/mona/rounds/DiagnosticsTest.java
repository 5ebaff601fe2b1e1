package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DiagnosticsTest {

  @Test
  void meansAreOverEverythingMerged() {
    Diagnostics a = new Diagnostics(Map.of("loss", 6.0), Map.of("loss", 2L));
    Diagnostics b =
        new Diagnostics(Map.of("loss", 3.0, "cosine", 1.0), Map.of("loss", 4L, "cosine", 2L));
    assertThat(Diagnostics.NONE.merge(a).merge(b).means())
        .containsExactlyInAnyOrderEntriesOf(Map.of("loss", 1.5, "cosine", 0.5));
  }

  @Test
  void droppedStepsAreCountedNotAveraged() {
    Diagnostics some = new Diagnostics(Map.of("dropped_steps", 2.0), Map.of("dropped_steps", 4L));
    Diagnostics all = new Diagnostics(Map.of("dropped_steps", 3.0), Map.of("dropped_steps", 3L));
    assertThat(some.merge(all).means()).containsEntry("dropped_steps", 5.0);
    assertThat(all.allDropped()).isTrue();
    assertThat(some.merge(all).allDropped()).isFalse();
    assertThat(Diagnostics.NONE.allDropped()).isFalse();
    assertThat(all.with("row", 7).means()).containsEntry("row", 7.0);
  }

  @Test
  void everySumNeedsACount() {
    assertThatThrownBy(() -> new Diagnostics(Map.of("loss", 6.0), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

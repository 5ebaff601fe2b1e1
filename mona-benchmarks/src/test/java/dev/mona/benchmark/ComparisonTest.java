package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Measurement measurement(String peer, int turn, double... seconds) {
    return new Measurement(
        PeerId.of(peer), StepKind.ENCODER, turn, new Measurement.Work("v", seconds, 1), 0);
  }

  @Test
  void pairsTheMediansOfEachTurn() {
    List<Measurement> ours =
        List.of(measurement("torch:float32", 0, 1, 9, 2), measurement("torch:float32", 1, 3, 1));
    List<Measurement> theirs =
        List.of(measurement("nd4j:float32", 0, 4), measurement("nd4j:float32", 1, 1));
    Comparison ratio = Comparison.ratio(ours, theirs);
    assertThat(ratio.least()).isCloseTo(0.5, within(1e-12));
    assertThat(ratio.median()).isCloseTo(1.25, within(1e-12));
    assertThat(ratio.most()).isCloseTo(2, within(1e-12));
  }

  @Test
  void refusesMeasurementsThatDoNotPair() {
    List<Measurement> ours = List.of(measurement("torch:float32", 0, 1));
    assertThatThrownBy(() -> Comparison.ratio(ours, List.of()))
        .hasMessageContaining("1 with 0 measurements");
    assertThatThrownBy(() -> Comparison.ratio(ours, List.of(measurement("nd4j:float32", 1, 1))))
        .hasMessageContaining("another turn");
  }
}

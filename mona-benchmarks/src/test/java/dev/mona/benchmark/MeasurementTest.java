package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static Measurement measurement(String peer, StepKind kind, double checksum) {
    return new Measurement(peer, kind, 0, new Measurement.Work("v", new double[] {1}, checksum), 0);
  }

  @Test
  void refusesPeersThatComputeDifferentThings() {
    Measurement ours = measurement("a", StepKind.SWIN, 100);
    assertThatThrownBy(() -> ours.requireAgreement(measurement("b", StepKind.SWIN, 100.1)))
        .hasMessage(
            "b gets 100.100000 in step swin where a gets 100.000000: they compute different things");
    assertThatThrownBy(() -> ours.requireAgreement(measurement("b", StepKind.SWIN, Double.NaN)))
        .hasMessageContaining("NaN");
    assertThatCode(() -> ours.requireAgreement(measurement("b", StepKind.SWIN, 100.001)))
        .doesNotThrowAnyException();
  }

  @Test
  void letsPeersWithWeightsOfTheirOwnDiffer() {
    Measurement ours = measurement("a", StepKind.ENCODER, 100);
    assertThatCode(() -> ours.requireAgreement(measurement("b", StepKind.ENCODER, 7)))
        .doesNotThrowAnyException();
  }
}

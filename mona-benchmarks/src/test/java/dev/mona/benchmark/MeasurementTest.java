package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static Measurement measurement(String peer, double checksum) {
    Measurement.Work work = new Measurement.Work("v", new double[] {1}, checksum);
    return new Measurement(PeerId.of(peer), StepKind.EXACT, 0, work, 0);
  }

  @Test
  void refusesPeersThatComputeDifferentThings() {
    Measurement ours = measurement("torch:float32", 100);
    assertThatThrownBy(() -> ours.requireAgreement(measurement("nd4j:float32", 100.1)))
        .hasMessage(
            "MoNA on ND4J, float32 gets 100.100000 in step exact where MoNA on libtorch, float32"
                + " gets 100.000000: they compute different things");
    assertThatThrownBy(() -> ours.requireAgreement(measurement("eager:float32", Double.NaN)))
        .hasMessageContaining("NaN");
    assertThatCode(() -> ours.requireAgreement(measurement("eager:float32", 100.001)))
        .doesNotThrowAnyException();
  }

  @Test
  void letsRoundedProductsDifferMore() {
    Measurement ours = measurement("torch:float32", 100);
    assertThatCode(() -> ours.requireAgreement(measurement("torch:bf16", 101)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> ours.requireAgreement(measurement("torch:bf16", 103)))
        .hasMessageContaining("MoNA on libtorch, bf16 gets 103");
  }
}

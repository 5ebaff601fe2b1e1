package dev.mona.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.task.TargetScale;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelUnitsTest {
  private static final TargetScale SCALE = new TargetScale(List.of(5.0, -1.0), List.of(2.0, 0.5));

  @Test
  void everyOutputHasItsOwnMeanAndDeviation() {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      // two samples, two outputs of three points
      double[][] head = {{0, 1, 2, 0, 1, 2}, {-1, 0, 1, -2, 0, 2}};
      Variable predicted = LabelUnits.of(tape, SCALE, DerivativeCheck.leaf(tape, Values.of(head)));
      assertThat(predicted.shape()).containsExactly(2, 6);
      assertThat(Values.of(predicted.value()).flat())
          .containsExactly(new double[] {5, 7, 9, -1, -0.5, 0, 3, 5, 7, -2, -1, 0}, within(1e-9));
    }
  }

  @Test
  void withoutAScaleIsTheHeadItself() {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Variable head = DerivativeCheck.leaf(tape, Values.of(new double[][] {{1, 2}}));
      assertThat(LabelUnits.of(tape, TargetScale.none(2), head)).isSameAs(head);
    }
  }

  @Test
  void derivativesAgreeWithFiniteDifferences() {
    DerivativeCheck.check(
        "label units",
        3,
        1e-6,
        (tape, leaves) -> LabelUnits.of(tape, SCALE, leaves.get(0)),
        DerivativeCheck.gaussian(new Random(3), 3, 8));
  }
}

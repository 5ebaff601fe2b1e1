package dev.mona.objective;

import static dev.mona.autodiff.DerivativeCheck.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.objective.OuterOptions.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against loops over pairs written from the formulas. */
class OuterObjectiveTest {
  private static final double T = 1.7;
  private static final double TAU = 0.3;
  private static final int WIDTH = 5;

  /** The last class has one member, which is nobody's positive. */
  private static final int[] LABELS = {0, 2, 0, 1, 1, 0, 2, 3, 0};

  private static final OuterOptions PAIRS = new OuterOptions(Kind.ALIGNMENT_UNIFORMITY, T, TAU);
  private static final OuterOptions CONTRASTIVE =
      new OuterOptions(Kind.SUPERVISED_CONTRASTIVE, T, TAU);

  private static Values representations(long seed) {
    return Values.gaussian(new Random(seed), LABELS.length, WIDTH);
  }

  private static double[][] normalized(Values x) {
    double[][] z = new double[LABELS.length][WIDTH];
    for (int i = 0; i < z.length; i++) {
      double squares = 0;
      for (int k = 0; k < WIDTH; k++) {
        squares += x.at(i, k) * x.at(i, k);
      }
      for (int k = 0; k < WIDTH; k++) {
        z[i][k] = x.at(i, k) / Math.sqrt(squares);
      }
    }
    return z;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return sum;
  }

  private static double align(double[][] z) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < z.length; j++) {
        if (i != j && LABELS[i] == LABELS[j]) {
          sum += squaredDistance(z[i], z[j]);
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  private static double uniform(double[][] z) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < z.length; i++) {
      for (int j = i + 1; j < z.length; j++) {
        sum += Math.exp(-T * squaredDistance(z[i], z[j]));
        pairs++;
      }
    }
    return Math.log(sum / pairs);
  }

  private static double contrastive(double[][] z) {
    List<Double> anchors = new ArrayList<>();
    for (int i = 0; i < z.length; i++) {
      double all = 0;
      for (int a = 0; a < z.length; a++) {
        all += a == i ? 0 : Math.exp(dot(z[i], z[a]) / TAU);
      }
      double sum = 0;
      int positives = 0;
      for (int p = 0; p < z.length; p++) {
        if (p != i && LABELS[p] == LABELS[i]) {
          sum -= Math.log(Math.exp(dot(z[i], z[p]) / TAU) / all);
          positives++;
        }
      }
      if (positives > 0) {
        anchors.add(sum / positives);
      }
    }
    return anchors.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double part(OuterLoss loss, String name) {
    return Objects.requireNonNull(loss.parts().get(name), name).scalar().value();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void alignmentAndUniformityAreMeansOverPairs(long seed) {
    Values x = representations(seed);
    double[][] z = normalized(x);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      OuterLoss loss = OuterObjective.of(tape, PAIRS, leaf(tape, x), LABELS);
      assertThat(loss.parts()).containsOnlyKeys("align", "uniform");
      assertThat(part(loss, "align")).isCloseTo(align(z), within(1e-7));
      assertThat(part(loss, "uniform")).isCloseTo(uniform(z), within(1e-7));
      assertThat(loss.total().scalar().value()).isCloseTo(align(z) + uniform(z), within(1e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eitherPartMayStandAlone(long seed) {
    Values x = representations(seed);
    double[][] z = normalized(x);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      OuterLoss alone =
          OuterObjective.of(tape, new OuterOptions(Kind.ALIGNMENT, T, TAU), leaf(tape, x), LABELS);
      assertThat(alone.total().scalar().value()).isCloseTo(align(z), within(1e-7));
      assertThat(part(alone, "uniform")).isCloseTo(uniform(z), within(1e-7));
      OuterLoss other =
          OuterObjective.of(tape, new OuterOptions(Kind.UNIFORMITY, T, TAU), leaf(tape, x), LABELS);
      assertThat(other.total().scalar().value()).isCloseTo(uniform(z), within(1e-7));
      assertThat(part(other, "align")).isCloseTo(align(z), within(1e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void contrastiveIsTheMeanOverAnchorsThatHavePositives(long seed) {
    Values x = representations(seed);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      OuterLoss loss = OuterObjective.of(tape, CONTRASTIVE, leaf(tape, x), LABELS);
      assertThat(loss.parts()).containsOnlyKeys("contrastive");
      assertThat(loss.total().scalar().value()).isCloseTo(contrastive(normalized(x)), within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void derivativesAgreeWithFiniteDifferences(Kind kind) {
    OuterOptions options = new OuterOptions(kind, T, TAU);
    DerivativeCheck.check(
        kind.name(),
        5,
        1e-6,
        (tape, leaves) -> OuterObjective.of(tape, options, leaves.get(0), LABELS).total(),
        representations(5));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void lengthsOfRepresentationsDoNotMatter(Kind kind) {
    OuterOptions options = new OuterOptions(kind, T, TAU);
    Values x = representations(6);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      double one = OuterObjective.of(tape, options, leaf(tape, x), LABELS).total().scalar().value();
      double other =
          OuterObjective.of(tape, options, leaf(tape, x.times(37)), LABELS)
              .total()
              .scalar()
              .value();
      assertThat(other).isCloseTo(one, within(1e-9));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVanishedRepresentationGivesAFiniteLossInFloat(Kind kind) {
    OuterOptions options = new OuterOptions(kind, 2, 0.1);
    Values x = representations(7);
    Arrays.fill(x.flat(), 2 * WIDTH, 3 * WIDTH, 0);
    try (Tape tape = new Tape(TestDevice.floats())) {
      assertThat(OuterObjective.of(tape, options, leaf(tape, x), LABELS).total().scalar().value())
          .isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesABatchWithoutPositives(Kind kind) {
    OuterOptions options = new OuterOptions(kind, T, TAU);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Values x = Values.gaussian(new Random(8), 3, WIDTH);
      assertThatThrownBy(() -> OuterObjective.of(tape, options, leaf(tape, x), new int[] {0, 1, 2}))
          .hasMessage("no two of the 3 source samples share a class");
    }
  }

  @Test
  void refusesTemperaturesThatAreNotPositive() {
    assertThatThrownBy(() -> new OuterOptions(Kind.ALIGNMENT_UNIFORMITY, 0, 1))
        .hasMessageContaining("0.0");
    assertThatThrownBy(() -> new OuterOptions(Kind.ALIGNMENT_UNIFORMITY, 2, Double.NaN))
        .hasMessageContaining("NaN");
  }
}

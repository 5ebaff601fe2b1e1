package dev.mona.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.objective.OuterOptions.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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

  private static INDArray representations(long seed) {
    return DerivativeCheck.gaussian(new Random(seed), LABELS.length, WIDTH);
  }

  private static double[][] normalized(INDArray x) {
    double[][] z = new double[LABELS.length][WIDTH];
    for (int i = 0; i < z.length; i++) {
      double squares = 0;
      for (int k = 0; k < WIDTH; k++) {
        squares += x.getDouble(i, k) * x.getDouble(i, k);
      }
      for (int k = 0; k < WIDTH; k++) {
        z[i][k] = x.getDouble(i, k) / Math.sqrt(squares);
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
    return Objects.requireNonNull(loss.parts().get(name), name).scalar();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void alignmentAndUniformityAreMeansOverPairs(long seed) {
    INDArray x = representations(seed);
    double[][] z = normalized(x);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      OuterLoss loss = OuterObjective.of(tape, PAIRS, tape.leaf(x), LABELS);
      assertThat(loss.parts()).containsOnlyKeys("align", "uniform");
      assertThat(part(loss, "align")).isCloseTo(align(z), within(1e-7));
      assertThat(part(loss, "uniform")).isCloseTo(uniform(z), within(1e-7));
      assertThat(loss.total().scalar()).isCloseTo(align(z) + uniform(z), within(1e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void contrastiveIsTheMeanOverAnchorsThatHavePositives(long seed) {
    INDArray x = representations(seed);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      OuterLoss loss = OuterObjective.of(tape, CONTRASTIVE, tape.leaf(x), LABELS);
      assertThat(loss.parts()).containsOnlyKeys("contrastive");
      assertThat(loss.total().scalar()).isCloseTo(contrastive(normalized(x)), within(1e-6));
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
    INDArray x = representations(6);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      double one = OuterObjective.of(tape, options, tape.leaf(x), LABELS).total().scalar();
      double other =
          OuterObjective.of(tape, options, tape.leaf(x.mul(37)), LABELS).total().scalar();
      assertThat(other).isCloseTo(one, within(1e-9));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVanishedRepresentationGivesAFiniteLossInFloat(Kind kind) {
    OuterOptions options = new OuterOptions(kind, 2, 0.1);
    INDArray x = representations(7).castTo(DataType.FLOAT);
    x.getRow(2).assign(0);
    try (Tape tape = new Tape(DataType.FLOAT)) {
      assertThat(OuterObjective.of(tape, options, tape.leaf(x), LABELS).total().scalar())
          .isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesABatchWithoutPositives(Kind kind) {
    OuterOptions options = new OuterOptions(kind, T, TAU);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      INDArray x = DerivativeCheck.gaussian(new Random(8), 3, WIDTH);
      assertThatThrownBy(() -> OuterObjective.of(tape, options, tape.leaf(x), new int[] {0, 1, 2}))
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

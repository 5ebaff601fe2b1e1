package dev.mona.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of fields against their definitions in plain doubles. */
class DenseLossTest {
  private static final int BATCH = 3;
  private static final int OUTPUTS = 2;
  private static final SampleShape GRID = new SampleShape(1, 2, 3);
  private static final int LENGTH = OUTPUTS * 6;
  private static final double POSITIVE_WEIGHT = 3.5;
  private static final double CAP = 1.5;

  private static TaskSpec task(LossOptions loss) {
    return TaskSpec.of("field", TaskKind.DENSE, GRID, OUTPUTS).with(loss);
  }

  private static LossOptions options(Loss loss, double cap) {
    return new LossOptions(loss, loss == Loss.BINARY_CROSS_ENTROPY ? POSITIVE_WEIGHT : 1, cap);
  }

  static Stream<LossOptions> losses() {
    return Stream.of(
        options(Loss.BINARY_CROSS_ENTROPY, 0),
        options(Loss.MEAN_SQUARED, 0),
        options(Loss.MEAN_SQUARED, CAP),
        options(Loss.RELATIVE_L2, 0),
        options(Loss.RMSE, 0),
        options(Loss.NRMSE, 0));
  }

  static Stream<Arguments> lossesAndSeeds() {
    return losses()
        .flatMap(loss -> Stream.of(1, 2, 3).map(seed -> Arguments.of(loss, (long) seed)));
  }

  /** Labels of which a third is -1 where the loss knows that. */
  private static float[] labels(LossOptions loss, long seed) {
    Random random = new Random(seed);
    float[] labels = new float[BATCH * LENGTH];
    for (int i = 0; i < labels.length; i++) {
      boolean binary = loss.loss() == Loss.BINARY_CROSS_ENTROPY;
      float label = binary ? random.nextInt(2) : 2 * (float) random.nextGaussian();
      labels[i] = (binary || loss.cap() > 0) && random.nextInt(3) == 0 ? -1 : label;
    }
    return labels;
  }

  private static double expected(LossOptions loss, Values predictions, float[] labels) {
    double sum = 0;
    int n = 0;
    for (int b = 0; b < BATCH; b++) {
      double squares = 0;
      double norm = 0;
      for (int i = 0; i < LENGTH; i++) {
        double p = predictions.at(b, i);
        float y = labels[b * LENGTH + i];
        squares += (p - y) * (p - y);
        norm += (double) y * y;
        switch (loss.loss()) {
          case BINARY_CROSS_ENTROPY -> {
            double q = 1 / (1 + Math.exp(-p));
            sum -= y == -1 ? 0 : y == 1 ? POSITIVE_WEIGHT * Math.log(q) : Math.log(1 - q);
            n += y == -1 ? 0 : 1;
          }
          case MEAN_SQUARED -> {
            boolean known = loss.cap() == 0 || y != -1;
            double target = loss.cap() == 0 ? y : Math.min(y, loss.cap());
            sum += known ? (p - target) * (p - target) : 0;
            n += known ? 1 : 0;
          }
          default -> {}
        }
      }
      switch (loss.loss()) {
        case RELATIVE_L2 -> sum += Math.sqrt(squares) / Math.sqrt(norm);
        case RMSE -> sum += Math.sqrt(squares / LENGTH);
        case NRMSE -> sum += Math.sqrt(squares / LENGTH) / Math.sqrt(norm / LENGTH);
        default -> {}
      }
    }
    return sum / (n == 0 ? BATCH : n);
  }

  private static double loss(TaskSpec task, Values predictions, float[] labels) {
    return loss(TestDevice.doubles(), task, predictions, labels);
  }

  private static double loss(Device device, TaskSpec task, Values predictions, float[] labels) {
    try (Tape tape = new Tape(device)) {
      Variable leaf = DerivativeCheck.leaf(tape, predictions);
      return TaskLoss.of(tape, task, leaf, labels).scalar().value();
    }
  }

  @ParameterizedTest
  @MethodSource("lossesAndSeeds")
  void isWhatItsDefinitionSays(LossOptions loss, long seed) {
    Values predictions = Values.gaussian(new Random(-seed), BATCH, LENGTH).times(2);
    float[] labels = labels(loss, seed);
    assertThat(loss(task(loss), predictions, labels))
        .isCloseTo(expected(loss, predictions, labels), within(1e-6));
  }

  /** Gradient, directional derivative and the gradient of that, as the meta-step needs them. */
  @ParameterizedTest
  @MethodSource("losses")
  void derivativesAgreeWithFiniteDifferences(LossOptions loss) {
    float[] labels = labels(loss, 4);
    DerivativeCheck.check(
        loss.toString(),
        4,
        1e-6,
        (tape, leaves) -> TaskLoss.of(tape, task(loss), leaves.get(0), labels),
        DerivativeCheck.gaussian(new Random(4), BATCH, LENGTH));
  }

  @Test
  void aMultiLabelTaskLeavesOutUnknownLabels() {
    TaskSpec task =
        TaskSpec.of("many", TaskKind.MULTI_LABEL, SampleShape.series(1, 1), 2)
            .with(options(Loss.BINARY_CROSS_ENTROPY, 0));
    Values logits = Values.of(new double[][] {{2, -1}, {9, 0.5}});
    double expected = (Math.log1p(Math.exp(-1)) + POSITIVE_WEIGHT * Math.log1p(Math.exp(-0.5))) / 2;
    assertThat(loss(task, logits, new float[] {-1, 0, -1, 1})).isCloseTo(expected, within(1e-7));
  }

  /** In float, and at the prediction where the root has no derivative. */
  @ParameterizedTest
  @EnumSource(
      value = Loss.class,
      names = {"RELATIVE_L2", "RMSE", "NRMSE"})
  void hasNoSlopeWhereThePredictionIsRight(Loss loss) {
    float[] labels = labels(options(loss, 0), 5);
    Values predictions = Values.of(labels, BATCH, LENGTH);
    TaskSpec task = task(options(loss, 0));
    Device device = TestDevice.floats();
    assertThat(loss(device, task, predictions, labels)).isBetween(0.0, 1.1e-6);
    assertThat(gradient(device, task, predictions, labels)).containsOnly(0);
    for (double second : mixed(device, task, predictions, labels)) {
      assertThat(second).isFinite();
    }
  }

  /** Or so small that an error divided by its norm, squared, would be infinite. */
  @ParameterizedTest
  @CsvSource({"RELATIVE_L2, 0", "NRMSE, 0", "RELATIVE_L2, 1e-20", "NRMSE, 1e-30", "NRMSE, 1e-39"})
  void leavesOutASampleWhoseLabelIsZero(Loss loss, float size) {
    TaskSpec task = task(options(loss, 0));
    float[] labels = labels(options(loss, 0), 6);
    for (int i = LENGTH; i < 2 * LENGTH; i++) {
      labels[i] = size;
    }
    Values predictions = Values.gaussian(new Random(6), BATCH, LENGTH);
    Values others = Values.of(new double[][] {predictions.row(0), predictions.row(2)});
    float[] theirs = new float[2 * LENGTH];
    System.arraycopy(labels, 0, theirs, 0, LENGTH);
    System.arraycopy(labels, 2 * LENGTH, theirs, LENGTH, LENGTH);
    assertThat(loss(task, predictions, labels))
        .isCloseTo(loss(task, others, theirs), within(1e-12));
    double[] gradient = gradient(TestDevice.doubles(), task, predictions, labels);
    for (int i = LENGTH; i < 2 * LENGTH; i++) {
      assertThat(gradient[i]).isZero();
    }
  }

  static Stream<Arguments> labelsThatAreLeftOut() {
    return Stream.of(
        Arguments.of(options(Loss.BINARY_CROSS_ENTROPY, 0), -1f),
        Arguments.of(options(Loss.MEAN_SQUARED, CAP), -1f),
        Arguments.of(options(Loss.RELATIVE_L2, 0), 0f),
        Arguments.of(options(Loss.NRMSE, 0), 0f));
  }

  @ParameterizedTest
  @MethodSource("labelsThatAreLeftOut")
  void isZeroWhereNothingIsLeft(LossOptions loss, float label) {
    float[] labels = new float[BATCH * LENGTH];
    Arrays.fill(labels, label);
    Values predictions = Values.gaussian(new Random(7), BATCH, LENGTH);
    assertThat(loss(task(loss), predictions, labels)).isZero();
    assertThat(gradient(TestDevice.doubles(), task(loss), predictions, labels)).containsOnly(0);
  }

  /** Fields of any magnitude: the guard under the root is in the units of the labels. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-8, 1, 1e8})
  void theGuardOfTheRootFollowsTheUnit(double unit) {
    Values predictions = Values.gaussian(new Random(8), BATCH, LENGTH);
    float[] labels = labels(options(Loss.RMSE, 0), 8);
    double expected = expected(options(Loss.RMSE, 0), predictions, labels);
    float[] scaled = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      scaled[i] = (float) (unit * labels[i]);
    }
    TaskSpec task =
        new TaskSpec(
            "small",
            GRID,
            new Prediction(
                TaskKind.DENSE,
                OUTPUTS,
                List.of(),
                new TargetScale(List.of(0.0, 0.0), List.of(unit, 2 * unit))),
            options(Loss.RMSE, 0));
    assertThat(loss(task, predictions.times(unit), scaled) / unit)
        .isCloseTo(expected, within(1e-6));
    TaskSpec relative = task.with(options(Loss.RELATIVE_L2, 0));
    assertThat(loss(relative, predictions.times(unit), scaled))
        .isCloseTo(expected(options(Loss.RELATIVE_L2, 0), predictions, labels), within(1e-6));
  }

  private static double[] gradient(
      Device device, TaskSpec task, Values predictions, float[] labels) {
    Array gradient = device.zeros(predictions.shape());
    try (Tape tape = new Tape(device)) {
      Variable leaf = DerivativeCheck.leaf(tape, predictions);
      tape.backward(TaskLoss.of(tape, task, leaf, labels), 1, Map.of(leaf, gradient));
      return Values.of(gradient).flat();
    }
  }

  private static double[] mixed(Device device, TaskSpec task, Values predictions, float[] labels) {
    Array gradient = device.zeros(predictions.shape());
    try (Tape tape = new Tape(device)) {
      Variable leaf = DerivativeCheck.leaf(tape, predictions);
      Variable loss = TaskLoss.of(tape, task, leaf, labels);
      Variable along = DerivativeCheck.leaf(tape, Values.all(1, predictions.shape()));
      tape.backward(tape.tangent(loss, Map.of(leaf, along)), 1, Map.of(leaf, gradient));
      return Values.of(gradient).flat();
    }
  }
}

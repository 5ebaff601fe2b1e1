package dev.mona.objective;

import static dev.mona.autodiff.DerivativeCheck.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskLossTest {
  private static final int BATCH = 5;
  private static final int OUTPUTS = 4;
  private static final double POSITIVE_WEIGHT = 3.5;

  private static final float[] CLASSES = {3, 0, 1, 1, 2};
  private static final float[] MANY = {
    1, 0, 0, 1, /**/ 0, 0, 0, 0, /**/ 1, 1, 1, 1, /**/ 0, 1, 0, 0, /**/ 0, 0, 1, 0
  };

  private static TaskSpec task(TaskKind kind) {
    return TaskSpec.of("test", kind, SampleShape.series(1, 1), OUTPUTS)
        .with(new LossOptions(Loss.of(kind), POSITIVE_WEIGHT, 0));
  }

  private static float[] labels(TaskKind kind) {
    return kind == TaskKind.CLASSIFICATION ? CLASSES : MANY;
  }

  private static double loss(Device device, TaskKind kind, Values logits, float[] labels) {
    try (Tape tape = new Tape(device)) {
      return TaskLoss.of(tape, task(kind), leaf(tape, logits), labels).scalar().value();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void crossEntropyIsTheMeanOfMinusLogSoftmax(long seed) {
    Values logits = Values.gaussian(new Random(seed), BATCH, OUTPUTS).times(3);
    double expected = 0;
    for (int i = 0; i < BATCH; i++) {
      double sum = 0;
      for (int k = 0; k < OUTPUTS; k++) {
        sum += Math.exp(logits.at(i, k));
      }
      expected -= Math.log(Math.exp(logits.at(i, (int) CLASSES[i])) / sum) / BATCH;
    }
    assertThat(loss(TestDevice.doubles(), TaskKind.CLASSIFICATION, logits, CLASSES))
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void crossEntropyWeighsClasses() {
    Values logits = Values.gaussian(new Random(1), BATCH, OUTPUTS);
    double[] weights = {0.5, 2, 3, 0.25};
    double expected = 0;
    for (int i = 0; i < BATCH; i++) {
      double sum = 0;
      for (int k = 0; k < OUTPUTS; k++) {
        sum += Math.exp(logits.at(i, k));
      }
      int label = (int) CLASSES[i];
      expected -= weights[label] * Math.log(Math.exp(logits.at(i, label)) / sum) / BATCH;
    }
    LossOptions plain = LossOptions.of(TaskKind.CLASSIFICATION);
    TaskSpec weighted =
        task(TaskKind.CLASSIFICATION)
            .with(plain.withClassWeights(Arrays.stream(weights).boxed().toList()));
    try (Tape tape = new Tape(TestDevice.doubles())) {
      assertThat(TaskLoss.of(tape, weighted, leaf(tape, logits), CLASSES).scalar().value())
          .isCloseTo(expected, within(1e-6));
    }
    LossOptions many = LossOptions.of(TaskKind.MULTI_LABEL);
    assertThatThrownBy(() -> many.withClassWeights(List.of(1.0, 2.0)))
        .hasMessageContaining("go with the loss cross-entropy, not BINARY_CROSS_ENTROPY");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void binaryCrossEntropyWeighsPositives(long seed) {
    Values logits = Values.gaussian(new Random(seed), BATCH, OUTPUTS).times(3);
    double expected = 0;
    for (int i = 0; i < BATCH * OUTPUTS; i++) {
      double p = 1 / (1 + Math.exp(-logits.at(i / OUTPUTS, i % OUTPUTS)));
      expected -= MANY[i] == 1 ? POSITIVE_WEIGHT * Math.log(p) : Math.log(1 - p);
    }
    expected /= BATCH * OUTPUTS;
    assertThat(loss(TestDevice.doubles(), TaskKind.MULTI_LABEL, logits, MANY))
        .isCloseTo(expected, within(1e-6));
  }

  @ParameterizedTest
  @EnumSource(
      value = TaskKind.class,
      names = {"CLASSIFICATION", "MULTI_LABEL"})
  void derivativesAgreeWithFiniteDifferences(TaskKind kind) {
    DerivativeCheck.check(
        kind.name(),
        4,
        1e-6,
        (tape, leaves) -> TaskLoss.of(tape, task(kind), leaves.get(0), labels(kind)),
        DerivativeCheck.gaussian(new Random(4), BATCH, OUTPUTS));
  }

  @Test
  void extremeLogitsGiveTheLimitAndAFiniteGradient() {
    Device device = TestDevice.floats();
    Values right = Values.of(new double[][] {{80, -80}, {-80, 80}});
    Values wrong = right.times(-1);
    TaskKind one = TaskKind.CLASSIFICATION;
    assertThat(loss(device, one, right, new float[] {0, 1})).isEqualTo(0);
    assertThat(loss(device, one, wrong, new float[] {0, 1})).isCloseTo(160, within(1e-4));
    TaskKind many = TaskKind.MULTI_LABEL;
    float[] labels = {1, 0, 0, 1};
    assertThat(loss(device, many, right, labels)).isCloseTo(0, within(1e-30));
    double mean = 80 * (POSITIVE_WEIGHT + 1) / 2;
    assertThat(loss(device, many, wrong, labels)).isCloseTo(mean, within(1e-4));
    for (TaskKind kind : List.of(one, many)) {
      for (Values logits : List.of(right, wrong)) {
        float[] targets = kind == one ? new float[] {0, 1} : labels;
        for (double slope : gradient(device, kind, logits, targets)) {
          assertThat(slope).as(kind + " at " + logits).isBetween(-1.0, 1.0);
        }
      }
    }
  }

  private static double[] gradient(Device device, TaskKind kind, Values logits, float[] labels) {
    Array gradient = device.zeros(logits.shape());
    try (Tape tape = new Tape(device)) {
      Variable leaf = leaf(tape, logits);
      tape.backward(TaskLoss.of(tape, task(kind), leaf, labels), 1, Map.of(leaf, gradient));
      return Values.of(gradient).flat();
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, OUTPUTS, 0.5f, Float.NaN})
  void refusesAClassThatIsNone(float label) {
    Values logits = Values.all(0, 2, OUTPUTS);
    assertThatThrownBy(
            () ->
                loss(TestDevice.floats(), TaskKind.CLASSIFICATION, logits, new float[] {0, label}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(label));
  }
}

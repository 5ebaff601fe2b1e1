package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.abstracts.Nd4jWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FlatOptimizerTest {
  /** Large enough that its place in the formula of Adam shows. */
  private static final double EPSILON = 1e-2;

  private static Adam adam(double decay, boolean decoupled) {
    return new Adam(0.9, 0.98, EPSILON, decay, decoupled);
  }

  static Stream<FlatOptimizer> rules() {
    return Stream.of(
        new Sgd(0, 0),
        new Sgd(0, 0.3),
        new Sgd(0.9, 0),
        new Sgd(0.99, 0.3),
        adam(0, false),
        adam(0.3, false),
        adam(0, true),
        adam(0.3, true));
  }

  /** The published formulas, parameter by parameter, in double. */
  private static double[] reference(FlatOptimizer rule, double[] start, double[][] gradients) {
    double[] p = start.clone();
    double[] m = new double[p.length];
    double[] v = new double[p.length];
    for (int t = 1; t <= gradients.length; t++) {
      double rate = rate(t - 1);
      for (int i = 0; i < p.length; i++) {
        double raw = gradients[t - 1][i];
        if (rule instanceof Sgd o) {
          m[i] = o.momentum() * m[i] + raw + o.weightDecay() * p[i];
          p[i] -= rate * m[i];
        } else if (rule instanceof Adam o) {
          double g = o.decoupled() ? raw : raw + o.weightDecay() * p[i];
          m[i] = o.beta1() * m[i] + (1 - o.beta1()) * g;
          v[i] = o.beta2() * v[i] + (1 - o.beta2()) * g * g;
          double mHat = m[i] / (1 - Math.pow(o.beta1(), t));
          double vHat = v[i] / (1 - Math.pow(o.beta2(), t));
          p[i] -= o.decoupled() ? rate * o.weightDecay() * p[i] : 0;
          p[i] -= rate * mHat / (Math.sqrt(vHat) + o.epsilon());
        }
      }
    }
    return p;
  }

  private static double rate(int iteration) {
    return 0.1 / (1 + iteration);
  }

  private static double[][] gradients(int steps, int n) {
    Random random = new Random(11);
    double[][] gradients = new double[steps][n];
    for (double[] gradient : gradients) {
      for (int i = 0; i < n; i++) {
        gradient[i] = random.nextGaussian();
      }
    }
    return gradients;
  }

  private static double[] run(
      FlatOptimizer optimizer, DataType type, double[] start, double[][] gradients) {
    INDArray parameters = Nd4j.createFromArray(start).castTo(type);
    INDArray moments = Nd4j.zeros(type, optimizer.momentLength(start.length));
    for (int t = 0; t < gradients.length; t++) {
      INDArray gradient = Nd4j.createFromArray(gradients[t]).castTo(type);
      optimizer.step(parameters, gradient, moments, t, rate(t));
    }
    return parameters.toDoubleVector();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void followsTheFormulaWithAChangingRate(FlatOptimizer optimizer) {
    double[] start = {1.5, -0.7, 0.2, 3, -2};
    double[][] gradients = gradients(4, start.length);
    double[] expected = reference(optimizer, start, gradients);
    assertThat(run(optimizer, DataType.DOUBLE, start, gradients))
        .containsExactly(expected, within(1e-12));
    assertThat(run(optimizer, DataType.FLOAT, start, gradients))
        .containsExactly(expected, within(3e-6));
  }

  @Test
  void takesKnownSteps() {
    double[] start = {1};
    double[][] twice = {{0.5}, {0.5}};
    // Heavy ball: 1 - 0.1 * 0.5 - 0.05 * (0.9 * 0.5 + 0.5); Nesterov's rule would differ.
    assertThat(run(new Sgd(0.9, 0), DataType.DOUBLE, start, twice)[0])
        .isCloseTo(0.9025, within(1e-15));
    // A constant gradient makes each step of Adam rate * g / (|g| + epsilon).
    assertThat(run(adam(0, false), DataType.DOUBLE, start, twice)[0])
        .isCloseTo(1 - 0.15 * 0.5 / 0.51, within(1e-14));
    assertThat(run(adam(0.3, true), DataType.DOUBLE, start, new double[][] {{0.5}})[0])
        .isCloseTo(1 - 0.1 * 0.3 - 0.1 * 0.5 / 0.51, within(1e-14));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void updatesPartsAsItUpdatesTheWhole(FlatOptimizer optimizer) {
    int n = 7;
    int cut = 3;
    double[][] gradients = gradients(3, n);
    double[] start = gradients(1, n)[0];
    INDArray whole = Nd4j.createFromArray(start).castTo(DataType.FLOAT);
    INDArray left = whole.get(NDArrayIndex.interval(0, cut)).dup();
    // The right half stays a view at an offset, with its moments in a view too.
    INDArray frame = whole.dup();
    INDArray right = frame.get(NDArrayIndex.interval(cut, n));
    INDArray moments = Nd4j.zeros(DataType.FLOAT, optimizer.momentLength(n));
    INDArray leftMoments = Nd4j.zeros(DataType.FLOAT, optimizer.momentLength(cut));
    long length = optimizer.momentLength(n - cut);
    INDArray momentFrame = Nd4j.zeros(DataType.FLOAT, length + 5);
    INDArray rightMoments =
        length == 0
            ? Nd4j.zeros(DataType.FLOAT, 0)
            : momentFrame.get(NDArrayIndex.interval(5, 5 + length));
    for (int t = 0; t < gradients.length; t++) {
      INDArray gradient = Nd4j.createFromArray(gradients[t]).castTo(DataType.FLOAT);
      INDArray leftGradient = gradient.get(NDArrayIndex.interval(0, cut)).dup();
      INDArray rightGradient = gradient.get(NDArrayIndex.interval(cut, n)).dup();
      optimizer.step(whole, gradient, moments, t, rate(t));
      optimizer.step(left, leftGradient, leftMoments, t, rate(t));
      optimizer.step(right, rightGradient, rightMoments, t, rate(t));
    }
    assertThat(Nd4j.concat(0, left, right).toFloatVector()).isEqualTo(whole.toFloatVector());
    assertThat(frame.get(NDArrayIndex.interval(0, cut)).toDoubleVector())
        .as("what lies before the view")
        .containsExactly(java.util.Arrays.copyOf(start, cut), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void continuesWhereAnotherRoundStopped(FlatOptimizer optimizer) {
    double[] start = {1, 2, 3};
    double[][] gradients = gradients(4, 3);
    INDArray parameters = Nd4j.createFromArray(start);
    INDArray moments = Nd4j.zeros(DataType.DOUBLE, optimizer.momentLength(3));
    for (int t = 0; t < 4; t++) {
      // As after a broadcast: copies of the state.
      parameters = parameters.dup();
      moments = moments.isEmpty() ? moments : moments.dup();
      optimizer.step(parameters, Nd4j.createFromArray(gradients[t]), moments, t, rate(t));
    }
    assertThat(parameters.toDoubleVector())
        .isEqualTo(run(optimizer, DataType.DOUBLE, start, gradients));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRateOfZeroLeavesTheParameters(FlatOptimizer optimizer) {
    INDArray parameters = Nd4j.createFromArray(1.0, -2.0, 1e-9);
    INDArray moments = Nd4j.zeros(DataType.DOUBLE, optimizer.momentLength(3));
    optimizer.step(parameters, Nd4j.createFromArray(3.0, -4.0, 5.0), moments, 0, 0);
    assertThat(parameters.toDoubleVector()).containsExactly(1.0, -2.0, 1e-9);
    if (!moments.isEmpty()) {
      assertThat(moments.getDouble(0)).isNotZero();
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void allocatesNothingThatGrowsWithTheVector(FlatOptimizer optimizer) {
    int n = 1 << 20;
    INDArray parameters = Nd4j.ones(DataType.FLOAT, n);
    INDArray gradient = Nd4j.ones(DataType.FLOAT, n);
    INDArray moments = Nd4j.zeros(DataType.FLOAT, optimizer.momentLength(n));
    assertThat(allocated(() -> optimizer.step(parameters, gradient, moments, 0, 0.1)))
        .isLessThan(4096);
    assertThat(allocated(() -> parameters.dup())).isGreaterThanOrEqualTo(4L * n);
  }

  /** Bytes of arrays created by an action, counted by a workspace that is too small for any. */
  private static long allocated(Runnable action) {
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder()
            .initialSize(8192)
            .policyAllocation(AllocationPolicy.STRICT)
            .build();
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "allocation-test")) {
      Nd4jWorkspace counter = (Nd4jWorkspace) workspace;
      long before = counter.getPrimaryOffset() + counter.getSpilledSize();
      action.run();
      return counter.getPrimaryOffset() + counter.getSpilledSize() - before;
    } finally {
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }
  }

  @Test
  void refusesVectorsOfOtherLengths() {
    FlatOptimizer adam = adam(0, false);
    INDArray three = Nd4j.zeros(3);
    assertThatThrownBy(() -> adam.step(three, Nd4j.zeros(2), Nd4j.zeros(6), 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> adam.step(three, Nd4j.zeros(3), Nd4j.zeros(3), 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 moments");
  }

  @Test
  void refusesConstantsThatAreNone() {
    assertThatThrownBy(() -> new Sgd(1, 0)).hasMessageContaining("momentum is 1.0");
    assertThatThrownBy(() -> new Sgd(0, -1)).hasMessageContaining("weight decay is -1.0");
    assertThatThrownBy(() -> new Adam(1, 0.98, EPSILON, 0, false))
        .hasMessageContaining("beta1 is 1.0");
    assertThatThrownBy(() -> new Adam(0.9, -0.1, EPSILON, 0, false))
        .hasMessageContaining("beta2 is -0.1");
    assertThatThrownBy(() -> new Adam(0.9, 0.98, 0, 0, false))
        .hasMessageContaining("epsilon is 0.0");
    assertThatThrownBy(() -> new OptimizerOptions(new Sgd(0, 0), 0, 0))
        .hasMessageContaining("learning rate is 0.0");
    assertThatThrownBy(() -> new OptimizerOptions(new Sgd(0, 0), 1, -1))
        .hasMessageContaining("clip norm is -1.0");
  }
}

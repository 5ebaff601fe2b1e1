package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.finetuning.L2Sp;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pull of finetuning towards theta_0. */
class L2SpTest {
  private static final double WEIGHT = 0.3;
  private static final SampleBlock BLOCK = SmallLearner.block(12);
  private static final RoundWork ONE =
      new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 1, 3));

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 17, 33})
  void theGradientIsThatOfThePenalty(int n) {
    Device device = TestDevice.doubles();
    Random random = new Random(n);
    double[] start = random.doubles(n, -1, 1).toArray();
    double[] at = random.doubles(n, -1, 1).toArray();
    try (Array theta0 = array(device, start);
        Array theta = array(device, at);
        Array gradient = device.zeros(n);
        L2Sp pull = new L2Sp(WEIGHT, theta0)) {
      double distance = pull.addGradient(theta, gradient).value();
      float[] computed = gradient.toFloats();
      double eps = 1e-4;
      for (int i = 0; i < n; i++) {
        double[] plus = at.clone();
        double[] minus = at.clone();
        plus[i] += eps;
        minus[i] -= eps;
        double slope = (penalty(plus, start) - penalty(minus, start)) / (2 * eps);
        assertThat((double) computed[i]).as("of %d", n).isCloseTo(slope, within(1e-6));
      }
      assertThat(distance).isCloseTo(Math.sqrt(2 * penalty(at, start) / WEIGHT), within(1e-6));
    }
  }

  private static Array array(Device device, double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    Array array = device.zeros(values.length);
    array.put(floats, 0);
    return array;
  }

  private static double penalty(double[] theta, double[] start) {
    double squares = 0;
    for (int i = 0; i < theta.length; i++) {
      squares += (theta[i] - start[i]) * (theta[i] - start[i]);
    }
    return WEIGHT / 2 * squares;
  }

  private static float[] after(SmallLearner options, TrainingState state) {
    try (MonaLearner learner = options.create()) {
      return learner.run(ONE, state, BLOCK).state().parameters();
    }
  }

  private static SmallLearner sgd() {
    return new SmallLearner().optimizer(Kind.SGD, 0, 0).constantRate().clipNorm(0);
  }

  private static TrainingState start(boolean moved) {
    FrozenModel frozen = sgd().frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      Random random = new Random(9);
      float[] parameters = state.parameters().clone();
      for (int i = 0; i < parameters.length && moved; i++) {
        parameters[i] += (float) (0.1 * random.nextGaussian());
      }
      return learner.initialState(Stage.FINETUNING, parameters);
    }
  }

  /** A plain step of rate 0.01 goes further by the rate times the gradient of the penalty. */
  @Test
  void aStepIsPulledTowardsTheStart() {
    TrainingState state = start(true);
    float[] plain = after(sgd(), state);
    float[] pulled = after(sgd().pull(WEIGHT), state);
    int from = Math.toIntExact(sgd().frozen().network().layout(ParameterGroup.EMBEDDER).length());
    float[] theta0 = SmallLearner.WEIGHTS.encoder();
    for (int i = 0; i < plain.length; i++) {
      boolean encoder = i >= from && i < from + theta0.length;
      double distance = encoder ? state.parameters()[i] - (double) theta0[i - from] : 0;
      assertThat((double) pulled[i])
          .as("parameter " + i)
          .isCloseTo(plain[i] - 0.01 * WEIGHT * distance, within(encoder ? 1e-6 : 0));
    }
  }

  @ParameterizedTest
  @EnumSource(FinetuneScope.class)
  void atTheStartNothingPulls(FinetuneScope scope) {
    TrainingState state = start(false);
    assertThat(after(sgd().scope(scope).pull(WEIGHT), state))
        .isEqualTo(after(sgd().scope(scope), state));
  }

  @Test
  void aRoundSaysHowFarTheEncoderIs() {
    TrainingState state = start(true);
    int from = Math.toIntExact(sgd().frozen().network().layout(ParameterGroup.EMBEDDER).length());
    float[] theta0 = SmallLearner.WEIGHTS.encoder();
    double squares = 0;
    for (int i = 0; i < theta0.length; i++) {
      double moved = state.parameters()[from + i] - (double) theta0[i];
      squares += moved * moved;
    }
    try (MonaLearner learner = sgd().pull(WEIGHT).create();
        MonaLearner plain = sgd().create()) {
      RoundResult result = learner.run(ONE, state, BLOCK);
      double norm = Math.sqrt(squares);
      assertThat(result.metrics().getOrDefault("encoder_distance", Double.NaN))
          .isCloseTo(norm, within(1e-5 * norm));
      assertThat(plain.run(ONE, state, BLOCK).metrics()).doesNotContainKey("encoder_distance");
    }
  }

  @Test
  void thereIsNoPullOnAnEncoderThatStays() {
    LoraOptions lora = new LoraOptions(1, 1, Projections.ALL);
    assertThatThrownBy(() -> new FinetuningOptions(FinetuneScope.ALL, 0, 1, 1, lora))
        .hasMessageContaining("pull");
    assertThatThrownBy(() -> new FinetuningOptions(FinetuneScope.ALL, 0, -1, 1, null))
        .hasMessageContaining("pull");
  }
}

package dev.mona.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

class MultiLabelLossTest {
  private static final IActivation SIGMOID = new ActivationSigmoid();

  private final INDArray logits =
      Nd4j.createFromArray(Values.gaussian(new Random(33), 4, 3).flat()).reshape(4, 3);
  private final INDArray labels =
      Nd4j.createFromArray(new double[][] {{0, 1, 0}, {1, 1, 1}, {0, 0, 0}, {1, 0, 1}});
  private final INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}});

  @Test
  void withoutWeightItIsTheMeanOfBinaryCrossEntropies() {
    ILossFunction loss = new MultiLabelLoss(1);
    ILossFunction reference =
        new LossBinaryXENT(Nd4j.valueArrayOf(new long[] {1, 3}, 1 / 3.0, DataType.DOUBLE));
    for (INDArray m : new INDArray[] {Nd4j.ones(DataType.DOUBLE, 4, 1), mask}) {
      assertThat(loss.computeScore(labels, logits, SIGMOID, m, true))
          .isCloseTo(reference.computeScore(labels, logits, SIGMOID, m, true), within(1e-9));
      assertThat(loss.computeScoreArray(labels, logits, SIGMOID, m).toDoubleVector())
          .containsExactly(
              reference.computeScoreArray(labels, logits, SIGMOID, m).toDoubleVector(),
              within(1e-9));
      INDArray difference =
          loss.computeGradient(labels, logits, SIGMOID, m)
              .sub(reference.computeGradient(labels, logits, SIGMOID, m));
      assertThat(difference.amaxNumber().doubleValue()).isLessThan(1e-9);
    }
  }

  @Test
  void weightMultipliesThePositivesOnly() {
    ILossFunction plain = new MultiLabelLoss(1);
    ILossFunction weighted = new MultiLabelLoss(5);
    INDArray gradient = plain.computeGradient(labels, logits, SIGMOID, mask);
    INDArray expected = gradient.mul(labels.mul(4).add(1));
    INDArray difference = weighted.computeGradient(labels, logits, SIGMOID, mask).sub(expected);
    assertThat(difference.amaxNumber().doubleValue()).isLessThan(1e-12);
  }

  @Test
  void confidentMistakesKeepTheirLossAndGradient() {
    INDArray z = Nd4j.createFromArray(new float[][] {{-200, 200}});
    INDArray y = Nd4j.createFromArray(new float[][] {{1, 0}});
    ILossFunction loss = new MultiLabelLoss(1);
    assertThat(loss.computeScore(y, z, SIGMOID, null, false)).isCloseTo(200, within(1e-6));
    assertThat(loss.computeGradient(y, z, SIGMOID, null).toFloatMatrix()[0])
        .containsExactly(-0.5f, 0.5f);
  }

  @Test
  void badWeightsAreRefused() {
    for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new MultiLabelLoss(weight)).hasMessageContaining("" + weight);
    }
  }
}

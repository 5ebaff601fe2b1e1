package dev.mona.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What the losses of the graph have in common. */
interface GraphLoss extends ILossFunction {

  @Override
  default Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray predictions,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    return new Pair<>(
        computeScore(labels, predictions, activation, mask, average),
        computeGradient(labels, predictions, activation, mask));
  }

  @Override
  default String name() {
    return toString();
  }
}

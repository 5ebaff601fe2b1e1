package dev.mona.dl4j;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossUtil;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Binary cross entropy of logits z with weighted positives, mean over the K labels of a sample:
 *
 * <pre>
 * loss   = mean_k ( w y softplus(-z) + (1 - y) softplus(z) )
 * d loss = ( sigmoid(z) (1 - y + w y) - w y ) / K
 * </pre>
 *
 * <p>The same as {@link dev.mona.objective.TaskLoss}. DL4J's {@code LossBinaryXENT} sums over the
 * labels, clips probabilities to [1e-5, 1 - 1e-5] and knows no weight of positives. To be used with
 * the sigmoid activation, which shapes the output and not the loss.
 *
 * @param positiveWeight w
 */
record MultiLabelLoss(@JsonProperty("positiveWeight") double positiveWeight) implements GraphLoss {

  @JsonCreator
  MultiLabelLoss {
    if (!(positiveWeight > 0 && positiveWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight of positive labels is " + positiveWeight + ", must be > 0");
    }
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray logits,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    double[] scores = losses(labels, logits, mask).sum(1).toDoubleVector();
    double sum = Arrays.stream(scores).sum();
    return average ? sum / logits.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, @Nullable INDArray mask) {
    return losses(labels, logits, mask).sum(true, 1);
  }

  private INDArray losses(INDArray labels, INDArray logits, @Nullable INDArray mask) {
    INDArray y = labels.castTo(logits.dataType());
    // softplus(z) = max(z, 0) + log(1 + e^-|z|), and softplus(-z) = softplus(z) - z
    INDArray tail =
        Nd4j.getExecutioner().exec(new Log1p(Transforms.exp(Transforms.abs(logits).negi(), false)));
    INDArray raised = Transforms.relu(logits).addi(tail);
    INDArray missed = raised.sub(logits).muli(y).muli(positiveWeight);
    INDArray losses = y.rsub(1).muli(raised).addi(missed).divi(logits.size(1));
    if (mask != null) {
      LossUtil.applyMask(losses, mask);
    }
    return losses;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, @Nullable INDArray mask) {
    INDArray y = labels.castTo(logits.dataType());
    INDArray gradient = y.mul(positiveWeight - 1).addi(1).muli(Transforms.sigmoid(logits));
    gradient.subi(y.mul(positiveWeight)).divi(logits.size(1));
    if (mask != null) {
      LossUtil.applyMask(gradient, mask);
    }
    return gradient;
  }
}

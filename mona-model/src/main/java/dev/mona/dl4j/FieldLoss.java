package dev.mona.dl4j;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.objective.TaskLoss;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@link TaskLoss} of a dense task as a DL4J loss: labels and predictions {@code [n, values]}.
 * Knows no masks; a label of -1 leaves a point out where the loss says so.
 *
 * @param loss which
 * @param positiveWeight weight of positive labels
 * @param cap largest label of the mean squared loss; 0 for none
 */
record FieldLoss(
    @JsonProperty("loss") Loss loss,
    @JsonProperty("positiveWeight") double positiveWeight,
    @JsonProperty("cap") double cap)
    implements GraphLoss {

  @JsonCreator
  FieldLoss {}

  static FieldLoss of(LossOptions options) {
    return new FieldLoss(options.loss(), options.positiveWeight(), options.cap());
  }

  /** Uses a recorded mean loss. */
  private interface Use<T> {
    T of(Tape tape, Variable predictions, Variable loss);
  }

  private <T> T recorded(INDArray labels, INDArray predictions, Use<T> use) {
    int values = Math.toIntExact(predictions.size(1));
    TaskSpec task =
        TaskSpec.of("field", TaskKind.DENSE, SampleShape.series(1, values), 1)
            .with(new LossOptions(loss, positiveWeight, cap));
    try (Tape tape = new Tape(GraphDevice.of(predictions.dataType()))) {
      Variable leaf = GraphDevice.constant(tape, predictions);
      return use.of(tape, leaf, TaskLoss.of(tape, task, leaf, labels.dup('c').data().asFloat()));
    }
  }

  private static void refuse(@Nullable INDArray mask) {
    if (mask != null) {
      throw new IllegalArgumentException("fields have no mask arrays");
    }
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray predictions,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    refuse(mask);
    double mean = recorded(labels, predictions, (tape, leaf, value) -> value.scalar().value());
    return average ? mean : mean * predictions.size(0);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray predictions, IActivation activation, @Nullable INDArray mask) {
    INDArray scores = Nd4j.create(predictions.dataType(), predictions.size(0), 1);
    for (int i = 0; i < predictions.size(0); i++) {
      INDArray label = labels.getRow(i, true);
      INDArray prediction = predictions.getRow(i, true);
      scores.putScalar(i, computeScore(label, prediction, activation, mask, true));
    }
    return scores;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray predictions, IActivation activation, @Nullable INDArray mask) {
    refuse(mask);
    return recorded(
        labels,
        predictions,
        (tape, leaf, value) -> {
          INDArray gradient = Nd4j.zeros(predictions.dataType(), predictions.shape());
          // DL4J divides by the samples of a batch itself
          Array sum = GraphDevice.of(gradient.dataType()).wrap(gradient);
          tape.backward(value, (double) predictions.size(0), Map.of(leaf, sum));
          return gradient;
        });
  }
}

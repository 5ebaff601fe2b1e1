package dev.mona.ml;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a model adds: the prediction, which is the number of a class, those of the
 * labels that hold, or a field {@code [outputs, H, W]}, as in the files of {@code mona predict};
 * and, but for fields, a vector of probabilities. Numbers are doubles, which the evaluators of
 * Spark ML ask for, of labels {@code MultilabelClassificationEvaluator}.
 *
 * @param kind what is predicted
 * @param prediction name of its column
 * @param probability name of its column; empty for none
 */
record OutputColumns(TaskKind kind, String prediction, String probability) implements Serializable {

  static OutputColumns of(HasMonaParams<?> params, TaskKind kind) {
    return new OutputColumns(
        kind,
        params.getOrDefault(params.predictionCol()),
        kind == TaskKind.DENSE ? "" : params.getOrDefault(params.probabilityCol()));
  }

  /**
   * A schema with these columns.
   *
   * @throws MonaException if it has one of them already
   */
  StructType after(StructType schema) {
    StructType added = add(schema, prediction, type());
    return probability.isEmpty() ? added : add(added, probability, SQLDataTypes.VectorType());
  }

  private DataType type() {
    return switch (kind) {
      case CLASSIFICATION -> DataTypes.DoubleType;
      case MULTI_LABEL -> DataTypes.createArrayType(DataTypes.DoubleType, false);
      case DENSE -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }

  private static StructType add(StructType schema, String name, DataType type) {
    if (Arrays.asList(schema.fieldNames()).contains(name)) {
      throw MonaException.configuration(
          HasMonaParams.INPUT
              + " has a column "
              + name
              + " already: drop it, or name another for predictionCol or probabilityCol");
    }
    return schema.add(name, type, false);
  }

  /**
   * The values of these columns.
   *
   * @param logits of a sample; its field in a dense task
   */
  Object[] of(float[] logits) {
    Object predicted =
        switch (kind) {
          case CLASSIFICATION -> (double) best(logits);
          case MULTI_LABEL -> decided(logits);
          case DENSE -> boxed(logits);
        };
    return probability.isEmpty()
        ? new Object[] {predicted}
        : new Object[] {predicted, Vectors.dense(probabilities(logits))};
  }

  /** The first of the largest. */
  private static int best(float[] logits) {
    int best = 0;
    for (int k = 1; k < logits.length; k++) {
      best = logits[k] > logits[best] ? k : best;
    }
    return best;
  }

  /** The labels that are more likely than not. */
  private static Object[] decided(float[] logits) {
    return IntStream.range(0, logits.length)
        .filter(k -> logits[k] > 0)
        .mapToObj(k -> (double) k)
        .toArray();
  }

  private static Object[] boxed(float[] field) {
    Object[] values = new Object[field.length];
    for (int k = 0; k < field.length; k++) {
      values[k] = field[k];
    }
    return values;
  }

  /** Softmax over classes, or the logistic function of each label. */
  private double[] probabilities(float[] logits) {
    double[] values = new double[logits.length];
    if (kind == TaskKind.MULTI_LABEL) {
      for (int k = 0; k < logits.length; k++) {
        values[k] = 1 / (1 + Math.exp(-logits[k]));
      }
      return values;
    }
    float largest = logits[best(logits)];
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      values[k] = Math.exp((double) logits[k] - largest);
      sum += values[k];
    }
    for (int k = 0; k < logits.length; k++) {
      values[k] /= sum;
    }
    return values;
  }
}

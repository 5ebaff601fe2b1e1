package dev.mona.job;

import dev.mona.rounds.Scorer;
import dev.mona.task.Prediction;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Predictions as rows. All have {@code id}, {@code label}, {@code prediction} and {@code logits}
 * ({@code [predictionLength]}, what the network puts out).
 *
 * <p>Of classes, label and prediction are numbers from 0, and {@code label_name} and {@code
 * prediction_name} say the classes; {@code probability} is the softmax of the logits. Of labels all
 * four are arrays, of those that hold, and {@code probability} has the sigmoid of each logit. Of
 * fields, label and prediction are the values {@code [outputs, H, W]} row-major.
 *
 * @param task what is predicted
 */
record PredictionRows(TaskSpec task) implements FlatMapFunction<Scorer.ScoredBlock, Row> {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  /** The columns. */
  StructType schema() {
    StructType id = new StructType().add("id", DataTypes.LongType, false);
    StructType judged =
        switch (task.kind()) {
          case CLASSIFICATION -> named(id, "", DataTypes.IntegerType, DataTypes.StringType);
          case MULTI_LABEL ->
              named(
                  id,
                  "s",
                  DataTypes.createArrayType(DataTypes.IntegerType, false),
                  DataTypes.createArrayType(DataTypes.StringType, false));
          case DENSE -> id.add("label", FLOATS, false).add("prediction", FLOATS, false);
        };
    return judged.add("logits", FLOATS, false);
  }

  private static StructType named(StructType id, String plural, DataType number, DataType name) {
    return id.add("label", number, false)
        .add("label_name" + plural, name, false)
        .add("prediction", number, false)
        .add("prediction_name" + plural, name, false)
        .add("probability", FLOATS, false);
  }

  @Override
  public Iterator<Row> call(Scorer.ScoredBlock scored) {
    SampleBlock block = scored.block();
    int outputs = task.predictionLength();
    int labels = task.labelLength();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      rows.add(
          row(
              block.ids()[i],
              Arrays.copyOfRange(block.labels(), i * labels, (i + 1) * labels),
              Arrays.copyOfRange(scored.logits(), i * outputs, (i + 1) * outputs)));
    }
    return rows.iterator();
  }

  /** The row of one sample. */
  Row row(long id, float[] label, float[] logits) {
    Prediction of = task.prediction();
    return switch (of.kind()) {
      case CLASSIFICATION -> {
        int truth = (int) label[0];
        int best = largest(logits);
        yield RowFactory.create(
            id, truth, of.className(truth), best, of.className(best), softmax(logits), logits);
      }
      case MULTI_LABEL -> {
        int[] truth = positive(label);
        int[] predicted = positive(logits);
        yield RowFactory.create(
            id, truth, names(truth), predicted, names(predicted), sigmoid(logits), logits);
      }
      case DENSE -> RowFactory.create(id, label, logits, logits);
    };
  }

  private String[] names(int[] numbers) {
    return Arrays.stream(numbers).mapToObj(task.prediction()::className).toArray(String[]::new);
  }

  /** The first of the largest. */
  private static int largest(float[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      best = values[k] > values[best] ? k : best;
    }
    return best;
  }

  /** Where a label is 1, or a logit says that it is more likely than not. */
  private static int[] positive(float[] values) {
    return IntStream.range(0, values.length).filter(k -> values[k] > 0).toArray();
  }

  private static float[] softmax(float[] logits) {
    double most = logits[largest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    float[] shares = new float[logits.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (float) (Math.exp(logits[k] - most) / sum);
    }
    return shares;
  }

  private static float[] sigmoid(float[] logits) {
    float[] shares = new float[logits.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (float) (1 / (1 + Math.exp(-logits[k])));
    }
    return shares;
  }
}

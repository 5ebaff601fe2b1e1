package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.rounds.Scorer;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PredictionRowsTest {
  private static TaskSpec task(TaskKind kind, int outputs, String... names) {
    return new TaskSpec(
        "t",
        SampleShape.series(1, 2),
        Prediction.of(kind, outputs, List.of(names)),
        LossOptions.of(kind));
  }

  private static List<List<Object>> rows(TaskSpec task, float[] labels, float[] logits) {
    SampleBlock block = new SampleBlock(new long[] {7, 9}, new float[4], labels);
    List<List<Object>> rows = new ArrayList<>();
    new PredictionRows(task)
        .call(new Scorer.ScoredBlock(block, logits))
        .forEachRemaining(row -> rows.add(values(row)));
    return rows;
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      if (value instanceof float[] floats) {
        List<Float> list = new ArrayList<>();
        for (float f : floats) {
          list.add(f);
        }
        value = list;
      } else if (value instanceof int[] ints) {
        value = Arrays.stream(ints).boxed().toList();
      } else if (value instanceof String[] texts) {
        value = List.of(texts);
      }
      values.add(value);
    }
    return values;
  }

  /** Odds of e^0 : e^ln 3. */
  @Test
  void classesAreNumbersWithNamesAndProbabilities() {
    float ln3 = (float) Math.log(3);
    TaskSpec task = task(TaskKind.CLASSIFICATION, 2, "no", "yes");
    assertThat(new PredictionRows(task).schema().fieldNames())
        .containsExactly(
            "id", "label", "label_name", "prediction", "prediction_name", "probability", "logits");
    assertThat(rows(task, new float[] {1, 0}, new float[] {0, ln3, 1000, 1000}))
        .containsExactly(
            List.of(7L, 1, "yes", 1, "yes", List.of(0.25f, 0.75f), List.of(0f, ln3)),
            List.of(9L, 0, "no", 0, "no", List.of(0.5f, 0.5f), List.of(1000f, 1000f)));
  }

  @Test
  void classesWithoutNamesAreCalledByTheirNumbers() {
    TaskSpec task = task(TaskKind.CLASSIFICATION, 2);
    assertThat(rows(task, new float[] {1, 0}, new float[] {0, 0, 0, 0}).get(0))
        .startsWith(7L, 1, "1", 0, "0");
  }

  @Test
  void labelsAreThoseThatHold() {
    float ln3 = (float) Math.log(3);
    TaskSpec task = task(TaskKind.MULTI_LABEL, 2, "a", "b");
    assertThat(new PredictionRows(task).schema().fieldNames())
        .containsExactly(
            "id",
            "label",
            "label_names",
            "prediction",
            "prediction_names",
            "probability",
            "logits");
    assertThat(rows(task, new float[] {1, 1, 0, 0}, new float[] {-ln3, ln3, 0, -1000}))
        .containsExactly(
            List.of(
                7L,
                List.of(0, 1),
                List.of("a", "b"),
                List.of(1),
                List.of("b"),
                List.of(0.25f, 0.75f),
                List.of(-ln3, ln3)),
            List.of(
                9L,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(0.5f, 0f),
                List.of(0f, -1000f)));
  }

  @Test
  void fieldsStayFields() {
    TaskSpec task = task(TaskKind.DENSE, 1);
    assertThat(rows(task, new float[] {1, 2, 3, 4}, new float[] {5, 6, 7, 8}))
        .containsExactly(
            List.of(7L, List.of(1f, 2f), List.of(5f, 6f), List.of(5f, 6f)),
            List.of(9L, List.of(3f, 4f), List.of(7f, 8f), List.of(7f, 8f)));
  }
}

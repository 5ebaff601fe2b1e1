package dev.mona.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.task.TaskKind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;

/**
 * {@code metrics/predictions.json}: what is kept of a run's predictions of the test split, to be
 * looked at. Of classes {@code classes}, counts {@code [true class][chosen class, and none]}; of
 * labels {@code labels}, counts {@code [label][present and found, present and missed, absent and
 * found, absent and not found]}; of fields {@code errors} of samples evenly spread over the split,
 * ascending, and {@code fields}, the best, the median and the worst of them.
 */
public final class PredictionsJson {
  /** Most classes or labels whose counts are kept. */
  public static final int MOST_CLASSES = 200;

  private static final JsonMapper JSON = new JsonMapper();
  private static final int DIGITS = 6;

  private PredictionsJson() {}

  /** Of counted decisions. */
  public static String counts(TaskKind kind, long[][] rows) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode table = root.putArray(kind == TaskKind.CLASSIFICATION ? "classes" : "labels");
    for (long[] row : rows) {
      ArrayNode cells = table.addArray();
      for (long count : row) {
        cells.add(count);
      }
    }
    return text(root);
  }

  /**
   * Of fields.
   *
   * @param fields at least one
   */
  public static String fields(List<KeptField> fields) {
    List<KeptField> ascending =
        fields.stream()
            .sorted(Comparator.comparingDouble(KeptField::error).thenComparingLong(KeptField::id))
            .toList();
    ObjectNode root = JSON.createObjectNode();
    ArrayNode errors = root.putArray("errors");
    ascending.forEach(field -> number(errors, field.error()));
    ArrayNode kept = root.putArray("fields");
    int last = ascending.size() - 1;
    List.of(0, last / 2, last).stream()
        .distinct()
        .forEach(i -> field(kept.addObject(), ascending.get(i)));
    return text(root);
  }

  private static void field(ObjectNode node, KeptField field) {
    node.put("id", field.id()).put("height", field.height()).put("width", field.width());
    if (Double.isFinite(field.error())) {
      node.put("error", field.error());
    } else {
      node.putNull("error");
    }
    numbers(node.putArray("true"), field.values()[0]);
    numbers(node.putArray("predicted"), field.values()[1]);
  }

  private static void numbers(ArrayNode array, float[] values) {
    for (float value : values) {
      number(array, value);
    }
  }

  /** Six significant digits; null for what is not finite. */
  static void number(ArrayNode array, double value) {
    if (Double.isFinite(value)) {
      array.add(
          JsonNodeFactory.instance.numberNode(
              new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue()));
    } else {
      array.addNull();
    }
  }

  static String text(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

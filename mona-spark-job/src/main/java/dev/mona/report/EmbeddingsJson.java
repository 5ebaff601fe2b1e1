package dev.mona.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * {@code metrics/embeddings.json}: where samples of both modalities lie in one plane, as the
 * pretrained encoder sees them. {@code shares} are the parts of the variance along both axes; each
 * of {@code sets} has a {@code name}, {@code points} {@code [n][2]} and {@code labels}, which are
 * empty where samples have no class.
 */
public final class EmbeddingsJson {
  /** Name of the source's set. */
  public static final String SOURCE = "source";

  /** Names of the target's sets: behind the embedder as it was new, aligned, and at the end. */
  public static final List<String> TARGETS = List.of("initial", "aligned", "finetuned");

  private static final JsonMapper JSON = new JsonMapper();

  private EmbeddingsJson() {}

  /** Points that share an origin. */
  public record PointSet(String name, double[][] points, List<String> labels) {
    public PointSet {
      labels = List.copyOf(labels);
    }
  }

  /** The document. */
  public static String of(double[] shares, List<PointSet> sets) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode parts = root.putArray("shares");
    for (double share : shares) {
      PredictionsJson.number(parts, share);
    }
    ArrayNode all = root.putArray("sets");
    for (PointSet set : sets) {
      ObjectNode node = all.addObject().put("name", set.name());
      ArrayNode points = node.putArray("points");
      for (double[] point : set.points()) {
        ArrayNode place = points.addArray();
        PredictionsJson.number(place, point[0]);
        PredictionsJson.number(place, point[1]);
      }
      set.labels().forEach(node.putArray("labels")::add);
    }
    return PredictionsJson.text(root);
  }
}

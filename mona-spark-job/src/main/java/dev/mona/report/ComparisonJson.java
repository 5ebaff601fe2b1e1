package dev.mona.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.analysis.PairedDifferences;
import dev.mona.analysis.PairedDifferences.Interval;
import java.util.List;
import java.util.TreeMap;

/** The JSON form of a {@link Comparison}: every run, and what the table says of each method. */
public final class ComparisonJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String EARLY_STOP = "early_stop";
  private static final double NONE = Double.NaN;

  private ComparisonJson() {}

  public static String of(Comparison comparison) {
    ObjectNode root = JSON.createObjectNode();
    root.put("task", comparison.task()).put("metric", comparison.score().id());
    root.put("compared_with", comparison.methods().get(0));
    comparison.seeds().forEach(root.putArray("seeds")::add);
    root.putObject("statistics")
        .put("interval", Comparison.INTERVAL)
        .put("level", PairedDifferences.LEVEL)
        .put("sign_flip_p", Comparison.TEST)
        .put("seeds_needed", Comparison.NEEDED)
        .put(EARLY_STOP, comparison.rule().id());
    ArrayNode methods = root.putArray("methods");
    for (String method : comparison.methods()) {
      ObjectNode node = methods.addObject().put("method", method);
      node.put("compared_with", comparison.contender(method).baseline());
      comparison.contender(method).settings().forEach(node.putArray("settings")::add);
      number(node, "mean", Comparison.mean(comparison.scores(method)));
      number(node, "deviation", Comparison.deviation(comparison.scores(method)));
      comparison
          .difference(method)
          .ifPresent(
              d -> {
                ObjectNode difference = node.putObject("difference").put("pairs", d.pairs());
                number(difference, "mean", d.mean());
                number(difference, "deviation", d.deviation());
                number(difference, "lower", d.interval().map(Interval::lower).orElse(NONE));
                number(difference, "upper", d.interval().map(Interval::upper).orElse(NONE));
                number(difference, "sign_flip_p", d.signFlip());
                d.pairsNeeded()
                    .ifPresentOrElse(
                        pairs -> difference.put("seeds_needed", pairs),
                        () -> difference.putNull("seeds_needed"));
              });
      node.put("ended_early", comparison.endedEarly(method));
      ArrayNode runs = node.putArray("runs");
      List<Comparison.Run> all = comparison.contender(method).runs();
      for (int i = 0; i < all.size(); i++) {
        Comparison.Run run = all.get(i);
        ObjectNode one =
            runs.addObject().put("seed", comparison.seeds().get(i)).put("run", run.directory());
        new TreeMap<>(run.scores().byId()).forEach((name, value) -> number(one, name, value));
      }
    }
    return text(root);
  }

  private static String text(ObjectNode root) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What stands for a comparison that has begun, before its first seed: the rule. */
  public static String begun(String task, EarlyStop rule) {
    ObjectNode root = JSON.createObjectNode().put("task", task);
    root.putArray("seeds");
    root.putObject("statistics").put(EARLY_STOP, rule.id());
    root.putArray("methods");
    return text(root);
  }

  /**
   * The rule of a comparison that was written before; of an older version, which had none, {@code
   * none}.
   */
  public static String ruleOf(JsonNode written) {
    return written.path("statistics").path(EARLY_STOP).asText(EarlyStop.NONE.id());
  }

  /** JSON has no NaN: what is unknown is null. */
  private static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}

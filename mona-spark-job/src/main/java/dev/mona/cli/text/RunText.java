package dev.mona.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.Shown;
import dev.mona.StoredJson;
import dev.mona.cli.RunLocation;
import dev.mona.config.ChangedSettings;
import dev.mona.report.ScoresJson;
import dev.mona.report.TextTable;
import dev.mona.report.WallTimeJson;
import dev.mona.report.WallTimeLine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A run directory: how the run ended, its scores, last epochs, provenance and settings. What a run
 * that was killed did not write is left out.
 *
 * @param hadoop settings of the file systems
 * @param run the directory
 * @param most last epochs to show
 * @param all whether to show settings that are as their defaults, too
 */
public record RunText(Configuration hadoop, RunLocation run, int most, boolean all)
    implements Printed {
  private static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 8;

  @Override
  public String text() {
    requireRun();
    StringBuilder text = new StringBuilder();
    text.append("run ").append(run.path()).append('\n');
    Optional<JsonNode> facts = json(run.provenance());
    text.append(new EndingText(hadoop, run).render(facts)).append('\n');
    Optional<JsonNode> summary = json(run.summary());
    summary
        .map(RunText::scores)
        .filter(t -> !t.isEmpty())
        .ifPresent(t -> text.append('\n').append(t));
    summary.map(s -> WallTimeLine.of(WallTimeJson.of(s))).ifPresent(text::append);
    table(lastEpochs()).ifPresent(table -> text.append('\n').append(table));
    facts.ifPresent(f -> flatten(text.append('\n'), "", f, 0));
    String settings = settings();
    text.append('\n').append(all ? settings : ChangedSettings.of(settings).text());
    return text.toString();
  }

  /**
   * The same: {@code ending} is the sentence, {@code complete} whether all outputs are written;
   * {@code scores}, {@code wall_seconds} and {@code provenance} as the run's files have them, null
   * where there is no file; {@code epochs} as the lines of its file, counted from 0.
   */
  @Override
  public JsonNode json() {
    requireRun();
    Optional<JsonNode> facts = json(run.provenance());
    ObjectNode root = JsonForm.object().put("run", run.path().toString());
    root.put("ending", new EndingText(hadoop, run).render(facts));
    root.put("stop_reason", facts.flatMap(EndingText::reason).orElse(null));
    root.put("complete", StoredText.exists(hadoop, run.success()));
    Optional<JsonNode> summary = json(run.summary());
    root.set(
        ScoresJson.FIELD, summary.map(s -> JsonForm.numbers(ScoresJson.of(s).byId())).orElse(null));
    root.set(
        WallTimeJson.FIELD,
        summary.map(s -> JsonForm.numbers(WallTimeJson.fields(WallTimeJson.of(s)))).orElse(null));
    root.putArray("epochs").addAll(lastEpochs());
    root.set("provenance", facts.orElse(null));
    String settings = settings();
    root.set(
        "settings",
        JsonForm.settings(all ? settings.lines().toList() : ChangedSettings.of(settings).lines()));
    return root;
  }

  private void requireRun() {
    if (!StoredText.exists(hadoop, run.config())) {
      throw MonaException.configuration(
          run.path() + " holds no config.conf: give the directory of a run");
    }
  }

  private String settings() {
    return StoredText.read(hadoop, run.config(), LARGEST);
  }

  private Optional<JsonNode> json(Path path) {
    return StoredText.exists(hadoop, path)
        ? Optional.of(StoredText.json(hadoop, path, LARGEST))
        : Optional.empty();
  }

  private static String scores(JsonNode summary) {
    return new ScoresText(ScoresJson.of(summary).byId()).text();
  }

  private static void flatten(StringBuilder text, String name, JsonNode node, int depth) {
    if (node.isObject() && depth < DEEPEST) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String path = name.isEmpty() ? field.getKey() : name + "." + field.getKey();
        flatten(text, path, field.getValue(), depth + 1);
      }
    } else if (node.isArray() && node.path(0).isObject() && depth < DEEPEST) {
      for (int i = 0; i < node.size(); i++) {
        flatten(text, name + "." + (i + 1), node.path(i), depth + 1);
      }
    } else {
      String value = node.isTextual() ? node.asText() : node.toString();
      text.append(Shown.line(name + ' ' + value)).append('\n');
    }
  }

  private List<JsonNode> lastEpochs() {
    if (most < 1 || !StoredText.exists(hadoop, run.epochs())) {
      return List.of();
    }
    List<JsonNode> epochs = new ArrayList<>();
    for (String line : StoredText.tail(hadoop, run.epochs(), LARGEST).lines().toList()) {
      // the first line of a tail and the last of a killed run may be cut
      parse(line).filter(JsonNode::isObject).ifPresent(epochs::add);
    }
    return epochs.subList(Math.max(0, epochs.size() - most), epochs.size());
  }

  private static Optional<String> table(List<JsonNode> last) {
    Set<String> names = new LinkedHashSet<>();
    last.forEach(e -> e.path("metrics").fieldNames().forEachRemaining(names::add));
    List<String> header = new ArrayList<>(List.of("stage", "epoch", "examples", "seconds"));
    header.addAll(names);
    TextTable table = new TextTable(header.toArray(String[]::new));
    for (JsonNode epoch : last) {
      List<String> cells = new ArrayList<>();
      cells.add(epoch.path("stage").asText("-"));
      cells.add(String.valueOf(epoch.path("epoch").asInt() + 1));
      cells.add(epoch.path("examples").asText("-"));
      cells.add(number(epoch.path("seconds")));
      names.forEach(n -> cells.add(number(epoch.path("metrics").path(n))));
      table.row(cells.toArray(String[]::new));
    }
    return last.isEmpty() ? Optional.empty() : Optional.of(table.render());
  }

  private static Optional<JsonNode> parse(String line) {
    try {
      return Optional.of(StoredJson.tree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String number(JsonNode node) {
    return TextTable.number(node.isNumber() ? node.asDouble() : Double.NaN);
  }
}

package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.config.ChangedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What made the outputs, and the command that makes them again.
 *
 * @param location the run's directory
 * @param name of the run
 * @param facts {@code provenance.json}; may be missing
 * @param settings {@code config.conf}, where it is there
 */
record ProvenanceSection(String location, String name, JsonNode facts, Optional<String> settings) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");
  private static final int DEEPEST = 8;

  void write(Page page) {
    page.section("repeat", "Repeat it");
    page.sentence(
        "On the same kind of processor with the same version this gives the same model, byte for"
            + " byte:");
    page.code(command()).end();
    page.section("provenance", "Provenance");
    List<Page.Fact> flat = new ArrayList<>();
    flat.add(new Page.Fact("run", location));
    facts
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("starts")) {
                flatten(flat, field.getKey(), field.getValue(), 0);
              }
            });
    page.facts(flat);
    starts(page);
    settings.ifPresent(
        text -> {
          ChangedSettings changed = ChangedSettings.of(text);
          page.details(
              changed.lines().size()
                  + " of "
                  + changed.all()
                  + " settings differ from the defaults");
          page.code(String.join("\n", changed.lines()) + "\n").end();
        });
    page.end();
  }

  private void starts(Page page) {
    List<Page.Fact> flat = new ArrayList<>();
    for (int i = 0; i < facts.path("starts").size(); i++) {
      flatten(flat, "start " + (i + 1), facts.path("starts").path(i), 0);
    }
    if (!flat.isEmpty()) {
      page.details(Figures.count(facts.path("starts").size(), "start")).facts(flat).end();
    }
  }

  private static void flatten(List<Page.Fact> flat, String name, JsonNode node, int depth) {
    if (node.isObject() && depth < DEEPEST) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        flatten(flat, name + " " + field.getKey(), field.getValue(), depth + 1);
      }
      return;
    }
    String value = node.isTextual() ? node.asText() : node.toString();
    if (node.isArray()) {
      List<String> parts = new ArrayList<>();
      node.forEach(part -> parts.add(part.isTextual() ? part.asText() : part.toString()));
      value = String.join(", ", parts);
    }
    flat.add(new Page.Fact(name.replace('_', ' '), value));
  }

  /** The command, with what was left to the cluster written out. */
  String command() {
    List<String> words = new ArrayList<>();
    String threads = facts.path("executor_omp_num_threads").path(0).asText();
    if (threads.matches("[0-9]{1,4}")) {
      words.add("OMP_NUM_THREADS=" + threads);
    }
    words.addAll(List.of("deploy/local/mona", "train"));
    words.addAll(List.of("--config", quoted(location + "/config.conf")));
    words.addAll(List.of("--set", quoted("run.id=" + name + "-again")));
    if (facts.path("partitions").isInt()) {
      words.addAll(List.of("--set", "run.partitions=" + facts.path("partitions").asInt()));
    }
    return String.join(" ", words) + "\n";
  }

  /** A word as a shell takes it. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}

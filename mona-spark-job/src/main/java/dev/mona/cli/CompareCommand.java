package dev.mona.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.MonaException;
import dev.mona.report.TextTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona compare}. */
@Command(
    name = "compare",
    description = "Shows finished runs side by side: test score, source retention, minutes.")
final class CompareCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LARGEST = 1 << 20;
  private static final String TEST = "test_";

  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "Directories of finished runs.")
  private List<String> directories = List.of();

  CompareCommand(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    TextTable table =
        new TextTable(
            "method", "seed", "epochs", "test score", "source probe error", "L_outer", "minutes");
    for (String directory : directories) {
      JsonNode run = summary(directory);
      table.row(
          run.path("method").asText("-"),
          run.path("seed").asText("-"),
          run.path("epochs").asText("-"),
          percent(test(run)),
          percent(run.path("probe_error_pretrained")) + " -> " + percent(run.path("probe_error")),
          number(run.path("outer_loss_pretrained")) + " -> " + number(run.path("outer_loss")),
          number(run.path("training_minutes")));
    }
    CommandSpec command = Objects.requireNonNull(spec);
    command.commandLine().getOut().print(table.render());
    command
        .commandLine()
        .getOut()
        .print(
            "Lower is better everywhere. Source probe: fitted on the pretrained encoder, not"
                + " refitted.\n");
    command.commandLine().getOut().flush();
    return ExitCode.OK.code();
  }

  private JsonNode summary(String directory) {
    Path file = RunLocation.of(directory).summary();
    if (!StoredText.exists(hadoop, file)) {
      throw MonaException.configuration(
          file + " is not there: give the directory of a run that has ended");
    }
    try {
      return MAPPER.readTree(StoredText.read(hadoop, file, LARGEST));
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          file + " is no JSON (" + e.getOriginalMessage() + "): the file is damaged",
          e);
    }
  }

  /** The run's own metric, whatever it is. */
  private static JsonNode test(JsonNode run) {
    for (Map.Entry<String, JsonNode> field : run.properties()) {
      if (field.getKey().startsWith(TEST)) {
        return field.getValue();
      }
    }
    return MAPPER.missingNode();
  }

  private static String percent(JsonNode node) {
    return node.isNumber() ? TextTable.number(100 * node.asDouble()) + " %" : "-";
  }

  private static String number(JsonNode node) {
    return TextTable.number(node.isNumber() ? node.asDouble() : Double.NaN);
  }
}

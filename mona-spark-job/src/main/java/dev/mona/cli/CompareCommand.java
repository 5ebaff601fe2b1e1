package dev.mona.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.StoredText;
import dev.mona.cli.text.SummariesJson;
import dev.mona.config.MonaConfig;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.html.ComparisonReport;
import dev.mona.html.RunReport;
import dev.mona.report.Comparison;
import dev.mona.report.ComparisonJson;
import dev.mona.report.ComparisonPlot;
import dev.mona.report.ScoresJson;
import dev.mona.report.TextTable;
import dev.mona.storage.Lease;
import dev.mona.storage.RunDirectory;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona compare}. */
@Command(
    name = "compare",
    description = {
      "Runs several methods with the same seeds and compares them, or shows finished runs side by"
          + " side.",
      "With --task: trains every method with every seed, at the same number of passes over the"
          + " data, and writes comparison-<task>/comparison.json, .txt, .svg and report/index.html beside the runs. A"
          + " run that has ended is used as it is, so that the command can be repeated.",
      "With run directories: shows their test scores, source retention, discrepancy and"
          + " minutes."
    })
final class CompareCommand implements Callable<Integer> {
  private static final int LARGEST = 1 << 20;

  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private Output output = new Output();

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "METHOD",
      description =
          "Methods to run, separated by commas; differences are taken to the first one (default"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "warmup-finetune,mona,finetune")
  private List<String> methods = List.of();

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "SEED",
      description = "Seeds, separated by commas (default ${DEFAULT-VALUE}).",
      defaultValue = "0,1,2")
  private List<Long> seeds = List.of();

  @Option(
      names = "--budget-minutes",
      paramLabel = "MINUTES",
      description =
          "Begin no seed that would probably end later than this; all methods of a seed that has"
              + " begun are run. 0 for no limit (default).")
  private double budget;

  @Parameters(arity = "0..*", paramLabel = "RUN_DIR", description = "Directories of finished runs.")
  private List<String> directories = List.of();

  CompareCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    if (directories.isEmpty() == !options.given()) {
      throw usage("give either run directories, or --task with the methods to run");
    }
    if (output.isJson() && directories.isEmpty()) {
      throw usage("--json shows finished runs; of methods with --task read comparison.json");
    }
    return directories.isEmpty() ? run() : show();
  }

  private ParameterException usage(String problem) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), problem);
  }

  private int run() {
    if (options.resumes()) {
      throw usage(
          "--resume continues one run: leave it out, runs that have ended are used as they are");
    }
    if (Set.copyOf(methods).size() < methods.size() || Set.copyOf(seeds).size() < seeds.size()) {
      throw usage("--methods %s or --seeds %s name one twice".formatted(methods, seeds));
    }
    // every configuration is checked before anything runs
    methods.forEach(method -> seeds.forEach(seed -> configuration(method, seed)));
    MonaConfig first = configuration(methods.get(0), seeds.get(0));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String location = first.run().output() + "/comparison-" + first.task().name();
    try (RunDirectory directory = RunDirectory.open(location, hadoop)) {
      // for the whole of it: two that compare the same write to the same runs
      directory.lock(Lease.USUAL);
      return run(directory, first, out);
    }
  }

  private int run(RunDirectory directory, MonaConfig first, PrintWriter out) {
    Comparison comparison;
    try (SparkStart spark = new SparkStart("mona compare " + first.task().name())) {
      comparison =
          new ComparedRuns(commands, this::configuration, budget).run(spark, methods, seeds, out);
    }
    String table = comparison.table() + comparison.legend();
    directory.keepTrying(first.recovery().retry());
    directory.writeText("comparison.json", ComparisonJson.of(comparison));
    directory.writeText("comparison.txt", table);
    directory.writeText("comparison.svg", ComparisonPlot.svg(comparison));
    String page = report(directory, comparison);
    out.print(table);
    out.print(page);
    String location = first.run().output() + "/comparison-" + first.task().name();
    out.print("comparison " + location + "\n");
    out.flush();
    boolean none =
        methods.stream().allMatch(m -> Double.isNaN(Comparison.mean(comparison.scores(m))));
    return (none ? ExitCode.DIVERGED : ExitCode.OK).code();
  }

  /** What is said of the page: where it is, or why it is not there. The comparison holds anyway. */
  private String report(RunDirectory directory, Comparison comparison) {
    try {
      ComparisonReport.write(directory, comparison, run -> RunDirectory.open(run, hadoop));
      return "report " + directory.location(RunDirectory.REPORT + "/" + RunReport.FILE) + "\n";
    } catch (RuntimeException | LinkageError e) {
      return "the report could not be written (" + Reason.of(e) + ")\n";
    }
  }

  private MonaConfig configuration(String method, long seed) {
    String name = options.load(hadoop, List.of("method=" + method)).task().name();
    return options.load(
        hadoop,
        List.of(
            "method=" + method,
            "run.seed=" + seed,
            String.format(Locale.ROOT, "run.id=%s-%s-%d", name, method, seed),
            "run.resume=auto"));
  }

  private int show() {
    if (output.isJson()) {
      Map<String, JsonNode> summaries = new LinkedHashMap<>();
      directories.forEach(directory -> summaries.put(directory, summary(directory)));
      output.print(SummariesJson.json(summaries));
      return ExitCode.OK.code();
    }
    TextTable table =
        new TextTable(
            "method",
            "seed",
            "epochs",
            "test score",
            "source probe error",
            "L_outer",
            "discrepancy",
            "minutes");
    for (String directory : directories) {
      JsonNode run = summary(directory);
      Scores scores = ScoresJson.of(run);
      table.row(
          run.path("method").asText("-"),
          run.path("seed").asText("-"),
          run.path("epochs").asText("-"),
          percent(scores.test()),
          percent(scores.of(Measure.PROBE_ERROR_PRETRAINED))
              + " -> "
              + percent(scores.of(Measure.PROBE_ERROR)),
          TextTable.number(scores.of(Measure.OUTER_LOSS_PRETRAINED))
              + " -> "
              + TextTable.number(scores.of(Measure.OUTER_LOSS)),
          TextTable.number(scores.of(Measure.DISCREPANCY_INITIAL))
              + " -> "
              + TextTable.number(scores.of(Measure.DISCREPANCY)),
          TextTable.number(scores.of(Measure.TRAINING_MINUTES)));
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
    Path file = RunLocation.of(hadoop, directory).summary();
    if (!StoredText.exists(hadoop, file)) {
      throw MonaException.configuration(
          file + " is not there: give the directory of a run that has ended");
    }
    return StoredText.json(hadoop, file, LARGEST);
  }

  private static String percent(double score) {
    return Double.isNaN(score) ? "-" : TextTable.number(100 * score) + " %";
  }
}

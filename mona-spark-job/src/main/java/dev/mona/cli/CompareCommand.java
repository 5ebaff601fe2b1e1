package dev.mona.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import dev.mona.arms.Arm;
import dev.mona.arms.Arms;
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
import dev.mona.report.EarlyStop;
import dev.mona.report.ScoresJson;
import dev.mona.report.TextTable;
import dev.mona.storage.Lease;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
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
      "With --task: trains every method, or every arm of a preset, of fractions or of a grid, with"
          + " every seed, and writes comparison-<task>/comparison.json, .txt and .svg after each"
          + " seed and report/index.html at last, beside the runs. Runs that begin alike share one"
          + " warm-up. A run that has ended is used as it is and one that was stopped is gone on"
          + " with, so that the command can be repeated.",
      "With run directories: shows their test scores, source retention, discrepancy and"
          + " minutes."
    })
final class CompareCommand implements Callable<Integer> {
  private static final int LARGEST = 1 << 24;
  private static final String COMPARISON = "comparison.json";

  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private Output output = new Output();

  @Mixin private ArmOptions choice = new ArmOptions();

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

  @Option(
      names = "--early-stop",
      paramLabel = "RULE",
      description =
          "haybittle-peto: a method runs with no further seed once the 99.9 %% interval of its"
              + " difference excludes 0. What others are held against runs with all. none"
              + " (default): all run with all seeds. A comparison keeps the rule that it began with.",
      defaultValue = "none")
  private String earlyStop = "";

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Run N seeds at once, each in a process of its own with its share of the cores and the"
              + " memory of this machine (default ${DEFAULT-VALUE}). For master local.",
      defaultValue = "1")
  private int processes;

  @Parameters(arity = "0..*", paramLabel = "RUN_DIR", description = "Directories of finished runs.")
  private List<String> directories = List.of();

  CompareCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    if (directories.isEmpty() == !options.given() || (!options.given() && choice.given())) {
      throw usage("give either run directories, or --task with the methods to run");
    }
    if (output.isJson() && directories.isEmpty()) {
      throw usage("--json shows finished runs; of methods with --task read comparison.json");
    }
    if (!directories.isEmpty() && (processes != 1 || !earlyStop.equals(EarlyStop.NONE.id()))) {
      throw usage("--processes and --early-stop are of methods that run, with --task");
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
    if (Set.copyOf(seeds).size() < seeds.size()) {
      throw usage("--seeds %s name one twice".formatted(seeds));
    }
    EarlyStop rule = EarlyStop.of(earlyStop);
    Arms arms = choice.arms(settings -> configuration(settings, List.of()));
    // every configuration is checked before anything runs
    arms.all().forEach(arm -> seeds.forEach(seed -> configuration(arm, seed)));
    MonaConfig first = configuration(arms.all().get(0), seeds.get(0));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    SeedProcesses.Share share = SeedProcesses.Share.ofThisProcess();
    if (share != null) {
      return run(share, arms, out);
    }
    SeedProcesses several = processes(first, out);
    out.print(arms.leftOut());
    String location = first.run().output() + "/comparison-" + first.task().name() + choice.suffix();
    try (RunDirectory directory = RunDirectory.open(location, hadoop)) {
      // for the whole of it: two that compare the same write to the same runs
      directory.lock(Lease.USUAL);
      directory.keepTrying(first.recovery().retry());
      fix(directory, location, first.task().name(), rule);
      Comparison comparison;
      try (SparkStart spark = new SparkStart("mona compare " + first.task().name())) {
        comparison =
            new ComparedRuns(commands, this::configuration, budget, rule, several)
                .run(spark, arms.all(), seeds, new ComparedRuns.Told(out, c -> keep(directory, c)));
      }
      String text = comparison.text();
      out.print(text);
      out.print(report(directory, comparison));
      out.print("comparison " + location + "\n");
      out.flush();
      boolean none =
          comparison.methods().stream()
              .allMatch(m -> Double.isNaN(Comparison.mean(comparison.scores(m))));
      return (none ? ExitCode.DIVERGED : ExitCode.OK).code();
    }
  }

  /** The share of a process that another one has started; that one compares. */
  private int run(SeedProcesses.Share share, Arms arms, PrintWriter out) {
    List<Arm> own = arms.all().stream().filter(arm -> share.arms().contains(arm.name())).toList();
    try (SparkStart spark = new SparkStart("mona compare, seed " + share.seed(), share.cores())) {
      ComparedRuns runs =
          new ComparedRuns(
              commands, this::configuration, 0, EarlyStop.NONE, SeedProcesses.none(out));
      runs.seed(spark, own, share.seed(), out);
    }
    return ExitCode.OK.code();
  }

  private SeedProcesses processes(MonaConfig config, PrintWriter out) {
    if (processes > 1 && config.run().resources().partitions() == 0) {
      throw MonaException.configuration(
          "--processes is %s and run.partitions is 0, so that the runs would depend on it: set run.partitions"
              .formatted(processes));
    }
    SeedProcesses several =
        SeedProcesses.fitting(
            processes,
            System.getProperty("spark.master", ""),
            ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize(),
            Runtime.getRuntime().maxMemory(),
            out);
    int partitions = config.run().resources().partitions();
    if (processes > 1 && config.averaging().inPlace() && several.coresOfOne() < partitions) {
      throw MonaException.configuration(
          "--processes is %s, which leaves each %s cores for the %s workers of run.partitions that are averaged in place: give fewer"
              .formatted(processes, several.coresOfOne(), partitions));
    }
    return several;
  }

  /** A rule that is chosen after seeds have been seen is none: it is written before the first. */
  private void fix(RunDirectory directory, String location, String task, EarlyStop rule) {
    Path file = new Path(Location.of(location), COMPARISON);
    if (!StoredText.exists(hadoop, file)) {
      directory.writeText(COMPARISON, ComparisonJson.begun(task, rule));
      return;
    }
    String begun = ComparisonJson.ruleOf(StoredText.json(hadoop, file, LARGEST));
    if (!begun.equals(rule.id())) {
      throw MonaException.configuration(
          "--early-stop is %s and %s began with %s: give that one, or another --output"
              .formatted(rule.id(), location, Quoted.of(begun)));
    }
  }

  /** Whatever is stopped later, what has been compared is there. */
  private static void keep(RunDirectory directory, Comparison comparison) {
    directory.writeText(COMPARISON, ComparisonJson.of(comparison));
    directory.writeText("comparison.txt", comparison.text());
    directory.writeText("comparison.svg", ComparisonPlot.svg(comparison));
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

  private MonaConfig configuration(Arm arm, long seed) {
    String task = configuration(arm.settings(), List.of()).task().name();
    return configuration(
        arm.settings(),
        List.of(
            "run.seed=" + seed,
            String.format(Locale.ROOT, "run.id=%s-%s-%d", task, arm.name(), seed),
            "run.resume=auto"));
  }

  private MonaConfig configuration(List<String> settings, List<String> more) {
    List<String> all = new ArrayList<>(choice.settings());
    all.addAll(settings);
    all.addAll(more);
    return options.load(hadoop, all);
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

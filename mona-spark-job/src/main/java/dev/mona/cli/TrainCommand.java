package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.config.MonaConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.report.ConsoleProgress;
import dev.mona.report.WallTimeLine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mona train}. */
@Command(name = "train", description = "Trains a run, or continues one.")
final class TrainCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Partitions of the training data, each trained by one task. With --resume the run goes on"
              + " from its last epoch with this number, and ends with another result.")
  private @Nullable Integer workers;

  TrainCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    MonaConfig config = options.load(hadoop, partitions());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    RunEnded ended;
    try (SparkStart spark = new SparkStart("mona train " + config.task().name());
        RunListener progress = ConsoleProgress.forThisProcess()) {
      ended = commands.train(spark, config, progress);
    }
    out.print("run " + ended.directory() + " ended: " + ended.stopReason() + "\n");
    Output.scores(out, ended.scores().byId());
    out.print(WallTimeLine.of(ended.time()));
    out.flush();
    return (ended.diverged() ? ExitCode.DIVERGED : ExitCode.OK).code();
  }

  private List<String> partitions() {
    return workers == null
        ? List.of()
        : List.of("run.partitions=" + workers, "run.repartition=true");
  }
}

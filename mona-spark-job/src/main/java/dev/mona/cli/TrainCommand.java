package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.EndedText;
import dev.mona.config.MonaConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.report.ConsoleProgress;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mona train}. */
@Command(name = "train", description = "Trains a run, or continues one.")
final class TrainCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Mixin private Output output = new Output();
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
    RunEnded ended;
    try (SparkStart spark = new SparkStart("mona train " + config.task().name());
        RunListener progress = ConsoleProgress.forThisProcess()) {
      ended = commands.train(spark, config, progress);
    }
    output.print(new EndedText(ended));
    return (ended.diverged() ? ExitCode.DIVERGED : ExitCode.OK).code();
  }

  private List<String> partitions() {
    return workers == null
        ? List.of()
        : List.of("run.partitions=" + workers, "run.repartition=true");
  }
}

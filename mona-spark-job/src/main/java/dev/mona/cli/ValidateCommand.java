package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.ClusterText;
import dev.mona.cli.text.PlanText;
import dev.mona.cli.text.ValidationText;
import dev.mona.config.MonaConfig;
import dev.mona.inputs.ReadinessCheck;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mona validate}. */
@Command(
    name = "validate",
    description = "Checks configuration, data and weights, and prints what train would do.")
final class ValidateCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Mixin private Output output = new Output();
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--config-only", description = "Check the configuration and nothing else.")
  private boolean configOnly;

  @Option(names = "--all", description = "Print every setting, not only those that were changed.")
  private boolean all;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  ValidateCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    MonaConfig config = options.load(hadoop);
    Optional<ReadinessCheck> found = Optional.empty();
    if (!configOnly) {
      try (SparkStart spark = new SparkStart("mona validate " + config.task().name())) {
        found = Optional.of(commands.check(spark, config));
      }
    }
    Optional<ClusterText> memory =
        found.filter(f -> cluster.wanted()).map(f -> cluster.of(config, f.workload()));
    output.print(new ValidationText(new PlanText(config, found), memory, all));
    return ExitCode.OK.code();
  }
}

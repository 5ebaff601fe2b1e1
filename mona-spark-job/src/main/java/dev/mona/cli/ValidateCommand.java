package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.PlanText;
import dev.mona.config.MonaConfig;
import dev.mona.inputs.ReadinessCheck;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mona validate}. */
@Command(
    name = "validate",
    description = "Checks configuration, data and weights, and prints what train would do.")
final class ValidateCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--config-only", description = "Check the configuration and nothing else.")
  private boolean configOnly;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  ValidateCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    MonaConfig config = options.load(hadoop);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PlanText plan = new PlanText(config);
    if (configOnly) {
      out.print(plan.stages());
    } else {
      try (SparkStart spark = new SparkStart("mona validate " + config.task().name())) {
        ReadinessCheck found = commands.check(spark, config);
        out.print(plan.stagesAndModel(found));
        if (cluster.wanted()) {
          out.print("\n" + cluster.text(config, found.workload()));
        }
      }
    }
    out.print("\n" + config.rendered() + "\nconfiguration " + config.hash() + "\n");
    out.flush();
    return ExitCode.OK.code();
  }
}

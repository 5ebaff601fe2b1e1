package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mona evaluate}. */
@Command(name = "evaluate", description = "Scores the finetuned model of a run.")
final class EvaluateCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private RunOptions options = new RunOptions();

  EvaluateCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    ScoringRequest request = options.request(hadoop);
    try (SparkStart spark = new SparkStart("mona evaluate " + request.config().task().name())) {
      Map<String, Double> scores = commands.evaluate(spark, request);
      Output.scores(Objects.requireNonNull(spec).commandLine().getOut(), scores);
    }
    return ExitCode.OK.code();
  }
}

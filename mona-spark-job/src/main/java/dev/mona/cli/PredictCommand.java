package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mona predict}. */
@Command(name = "predict", description = "Writes the predictions of a run's finetuned model.")
final class PredictCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Mixin private Output printed = new Output();
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory to make for the predictions.")
  private @Nullable String output;

  PredictCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    ScoringRequest request = options.request(hadoop);
    String target = Addresses.require("--output", Objects.requireNonNull(output));
    try (SparkStart spark = new SparkStart("mona predict " + request.config().task().name())) {
      long samples = commands.predict(spark, request, target);
      printed.print(FactsText.written(samples, "predictions", target));
    }
    return ExitCode.OK.code();
  }
}

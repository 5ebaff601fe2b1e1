package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mona embed}. */
@Command(
    name = "embed",
    description =
        "Writes tokens of target samples and source texts as a run's embedders make them.")
final class EmbedCommand implements Callable<Integer> {
  /** All tokens of the samples are held by the driver. */
  private static final int MOST_SAMPLES = 1000;

  private final Commands commands;
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private Output printed = new Output();
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory to make for the tokens.")
  private @Nullable String output;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "64",
      description = "Target samples, and source texts, to embed; 1 to 1000 (default: 64).")
  private int samples = 64;

  EmbedCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--samples is " + samples + ", must be from 1 to " + MOST_SAMPLES);
    }
    ScoringRequest request = options.request(hadoop);
    String target = Addresses.require("--output", Objects.requireNonNull(output));
    try (SparkStart spark = new SparkStart("mona embed " + request.config().task().name())) {
      long tokens = commands.embed(spark, request, target, samples);
      printed.print(FactsText.written(tokens, "tokens", target));
    }
    return ExitCode.OK.code();
  }
}

package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona convert-weights}. */
@Command(
    name = "convert-weights",
    description =
        "Makes a model folder, config.json and model.safetensors, from an export of SAM 2's encoder.")
final class ConvertWeightsCommand implements Callable<Integer> {
  private final Commands commands;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "INPUT",
      description = "sam2_hiera_tiny_encoder.with_runtime_opt.ort: see docs/weights.md.")
  private @Nullable String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder to make; backbone.weights can name it.")
  private @Nullable String output;

  ConvertWeightsCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() {
    Output.pairs(
        Objects.requireNonNull(spec).commandLine().getOut(),
        commands.convertWeights(
            Addresses.require("input", Objects.requireNonNull(input)),
            Addresses.require("--output", Objects.requireNonNull(output))));
    return ExitCode.OK.code();
  }
}

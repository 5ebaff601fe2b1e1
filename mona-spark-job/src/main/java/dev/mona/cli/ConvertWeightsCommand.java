package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mona convert-weights}. */
@Command(
    name = "convert-weights",
    description =
        "Makes a model folder, config.json and model.safetensors, from an export of SAM 2's encoder.")
final class ConvertWeightsCommand implements Callable<Integer> {
  private final Commands commands;

  @Mixin private Output printed = new Output();

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
    String target = Addresses.require("--output", Objects.requireNonNull(output));
    printed.print(
        FactsText.of(
            commands.convertWeights(
                Addresses.require("input", Objects.requireNonNull(input)), target),
            target));
    return ExitCode.OK.code();
  }
}

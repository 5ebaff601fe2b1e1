package dev.mona.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona convert}. */
@Command(
    name = "convert",
    description = "Makes a data set, Parquet with a manifest, from NumPy arrays with a card.")
final class ConvertCommand implements Callable<Integer> {
  private final Commands commands;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "INPUT",
      description =
          "Directory with card.json and x_train, y_train, x_test, y_test in an npz or npy files.")
  private @Nullable String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory to make; may hold the same data set already, and nothing else.")
  private @Nullable String output;

  @Option(
      names = "--one-hot",
      paramLabel = "SYMBOLS",
      description = "Encode symbols 0 .. SYMBOLS-1 as one channel each.")
  private int symbols;

  @Option(
      names = "--standardise",
      description = "Bring each channel to mean 0 and deviation 1 over the train split.")
  private boolean standardise;

  ConvertCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() {
    ConversionRequest request =
        new ConversionRequest(
            Objects.requireNonNull(input), Objects.requireNonNull(output), symbols, standardise);
    Output.pairs(Objects.requireNonNull(spec).commandLine().getOut(), commands.convert(request));
    return ExitCode.OK.code();
  }
}

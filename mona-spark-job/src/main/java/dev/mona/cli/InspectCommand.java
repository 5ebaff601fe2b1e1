package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.RunText;
import dev.mona.cli.text.SafetensorsText;
import dev.mona.cli.text.StoredText;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mona inspect}. */
@Command(
    name = "inspect",
    description =
        "Shows how a run ended, its scores, epochs and settings; or the header of a safetensors file.")
final class InspectCommand implements Callable<Integer> {
  private final Configuration hadoop;

  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "PATH", description = "Run directory or .safetensors file.")
  private @Nullable String address;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Last epochs to show (default: 5).")
  private int epochs = 5;

  @Option(names = "--all", description = "Print every setting, not only those that were changed.")
  private boolean all;

  InspectCommand(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    RunLocation run = RunLocation.of(hadoop, Objects.requireNonNull(address));
    Path path = run.path();
    FileStatus status = StoredText.status(hadoop, path);
    if (status.isDirectory()) {
      output.print(new RunText(hadoop, run, epochs, all));
    } else if (path.getName().endsWith(".safetensors")) {
      output.print(SafetensorsText.of(hadoop, status));
    } else {
      throw MonaException.configuration(
          path + " is neither a run directory nor a .safetensors file: name one of them");
    }
    return ExitCode.OK.code();
  }
}

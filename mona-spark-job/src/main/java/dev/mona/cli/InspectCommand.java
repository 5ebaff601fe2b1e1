package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.RunText;
import dev.mona.cli.text.SafetensorsText;
import dev.mona.cli.text.StoredText;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona inspect}. */
@Command(
    name = "inspect",
    description = "Shows a run directory, or the header of a safetensors file.")
final class InspectCommand implements Callable<Integer> {
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "Run directory or .safetensors file.")
  private @Nullable String address;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Last epochs to show (default: 5).")
  private int epochs = 5;

  InspectCommand(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    RunLocation run = RunLocation.of(hadoop, Objects.requireNonNull(address));
    Path path = run.path();
    FileStatus status = StoredText.status(hadoop, path);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (status.isDirectory()) {
      out.print(new RunText(hadoop, run).render(epochs));
    } else if (path.getName().endsWith(".safetensors")) {
      out.print(SafetensorsText.render(hadoop, status));
    } else {
      throw MonaException.configuration(
          path + " is neither a run directory nor a .safetensors file: name one of them");
    }
    out.flush();
    return ExitCode.OK.code();
  }
}

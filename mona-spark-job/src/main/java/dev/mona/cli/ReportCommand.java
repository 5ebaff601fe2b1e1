package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.StoredText;
import dev.mona.html.RunReport;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.WholeFile;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mona report}. */
@Command(
    name = "report",
    description =
        "Writes the page of a run, one HTML file that needs no network: error, curves, predictions,"
            + " embeddings, time, provenance. A run writes it at its end; this makes it anew, also"
            + " for a run that goes on.")
final class ReportCommand implements Callable<Integer> {
  private final Configuration hadoop;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN_DIR", description = "Directory of a run.")
  private @Nullable String address;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "File to write; RUN_DIR/report/index.html without it.")
  private @Nullable String output;

  ReportCommand(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    RunLocation location = RunLocation.of(hadoop, Objects.requireNonNull(address));
    if (!StoredText.status(hadoop, location.path()).isDirectory()
        || !StoredText.exists(hadoop, location.config())) {
      throw MonaException.configuration(
          location.path() + " holds no config.conf: give the directory of a run");
    }
    String written;
    try (RunDirectory run = RunDirectory.open(location.path().toString(), hadoop)) {
      if (output == null) {
        RunReport.write(run);
        written = run.location(RunDirectory.REPORT + "/" + RunReport.FILE);
      } else {
        written = Addresses.require("--output", output);
        WholeFile.write(written, hadoop, RunReport.page(run));
      }
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print("report " + written + "\n");
    out.flush();
    return ExitCode.OK.code();
  }
}

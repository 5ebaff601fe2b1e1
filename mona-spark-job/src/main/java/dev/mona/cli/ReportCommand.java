package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import dev.mona.cli.text.StoredText;
import dev.mona.html.RunReport;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.WholeFile;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mona report}. */
@Command(
    name = "report",
    description =
        "Writes the page of a run, one HTML file that needs no network: error, curves, predictions,"
            + " embeddings, time, provenance. A run writes it at its end; this makes it anew, also"
            + " for a run that goes on.")
final class ReportCommand implements Callable<Integer> {
  private final Configuration hadoop;

  @Mixin private Output printed = new Output();

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
    printed.print(FactsText.report(written));
    return ExitCode.OK.code();
  }
}

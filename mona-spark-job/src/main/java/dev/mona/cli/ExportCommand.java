package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import dev.mona.config.MonaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mona export}. */
@Command(
    name = "export",
    description = "Writes the finetuned model of a run in a format that other programs read.")
final class ExportCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "RUN_DIR", description = "Directory of a finished run.")
  private @Nullable String directory;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      required = true,
      description = "File to write: embedder, encoder and head as one ONNX graph.")
  private @Nullable String onnx;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes one setting of the run, such as run.engine. Repeatable.")
  private List<String> settings = new ArrayList<>();

  ExportCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    String run = Objects.requireNonNull(directory);
    MonaConfig config = RunLocation.of(hadoop, run).layers(hadoop, settings).load();
    String file = Addresses.require("--onnx", Objects.requireNonNull(onnx));
    output.print(FactsText.of(commands.exportOnnx(run, config, file)));
    return ExitCode.OK.code();
  }
}

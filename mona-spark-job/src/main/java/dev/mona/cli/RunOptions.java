package dev.mona.cli;

import dev.mona.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that name a trained run and the samples to score with it. */
final class RunOptions {
  @Parameters(paramLabel = "RUN_DIR", description = "Directory of a finished run.")
  private @Nullable String directory;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data set to score; the run's own without it.")
  private @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "test",
      description = "Split of the data set: train, val or test (default: test).")
  private String split = "test";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes one setting of the run. Repeatable.")
  private List<String> settings = new ArrayList<>();

  ScoringRequest request(Configuration hadoop) {
    String run = Objects.requireNonNull(directory);
    Split samples = Split.of(split);
    List<String> changes = new ArrayList<>(settings);
    if (data != null) {
      changes.add("task.data=" + data);
    }
    return new ScoringRequest(
        run, RunLocation.of(hadoop, run).layers(hadoop, changes).load(), samples);
  }
}

package dev.mona.cli;

import dev.mona.cli.text.StoredText;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.storage.Location;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the configuration comes from. */
final class ConfigOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--task",
      paramLabel = "NAME|FILE",
      completionCandidates = TaskNames.class,
      description = "Task by name, from $MONA_CONF_DIR/tasks (default conf/tasks), or its file.")
  private @Nullable String task;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; beats the task. A path or a URI like hdfs://...")
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; beats the configuration. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory that holds run directories; short for --set run.output=DIR.")
  private @Nullable String output;

  @Option(
      names = "--resume",
      paramLabel = "RUN_DIR",
      description = "Continue this run from its last checkpoint, with its own configuration.")
  private @Nullable String resume;

  MonaConfig load(Configuration hadoop) {
    return load(hadoop, List.of());
  }

  /** The configuration with further assignments, which beat all others. */
  MonaConfig load(Configuration hadoop, List<String> more) {
    if (resume != null) {
      if (task != null || config != null || output != null) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "--resume takes the configuration from the run: leave --task, --config and --output"
                + " out");
      }
      ConfigLayers own = RunLocation.of(hadoop, resume).layers(hadoop, settings);
      more.forEach(own::set);
      return own.set("run.resume=true").load();
    }
    ConfigLayers layers = ConfigLayers.start();
    if (task != null) {
      layers.task(tasks(), task);
    }
    if (config != null) {
      file(layers, hadoop, config);
    }
    settings.forEach(layers::set);
    if (output != null) {
      layers.set("run.output=" + output);
    }
    more.forEach(layers::set);
    return layers.load();
  }

  /** Whether any of these options was given. */
  boolean given() {
    return task != null
        || config != null
        || output != null
        || resume != null
        || !settings.isEmpty();
  }

  /** Whether a run is to be continued. */
  boolean resumes() {
    return resume != null;
  }

  private static void file(ConfigLayers layers, Configuration hadoop, String address) {
    Addresses.require("--config", address);
    org.apache.hadoop.fs.Path path = Location.of(address);
    String scheme = path.toUri().getScheme();
    if (scheme == null || scheme.equals("file")) {
      layers.file(Path.of(scheme == null ? address : path.toUri().getPath()));
    } else {
      layers.text(address, StoredText.read(hadoop, path, ConfigLayers.LARGEST));
    }
  }

  /** Where tasks are looked for by name. */
  static Path tasks() {
    String directory = System.getenv("MONA_CONF_DIR");
    return Path.of(directory == null ? "conf" : directory, "tasks");
  }
}

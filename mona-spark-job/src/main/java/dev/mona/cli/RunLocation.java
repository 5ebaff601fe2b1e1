package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.text.StoredText;
import dev.mona.config.ConfigLayers;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a run that was started before stands now. Reading it makes no directory.
 *
 * @param path its address
 */
public record RunLocation(Path path) {
  /** The place of an address, which {@code .} and {@code ..} are too. */
  static RunLocation of(Configuration hadoop, String address) {
    Addresses.require("run directory", address);
    Path path = Location.of(address);
    try {
      return new RunLocation(Location.named(path, hadoop));
    } catch (IOException e) {
      throw StoredText.unreadable(path, e);
    }
  }

  public Path config() {
    return new Path(path, RunDirectory.CONFIG);
  }

  public Path provenance() {
    return new Path(path, RunDirectory.PROVENANCE);
  }

  public Path epochs() {
    return new Path(path, RunDirectory.METRICS + "/epochs.jsonl");
  }

  Path summary() {
    return new Path(path, "metrics/summary.json");
  }

  public Path success() {
    return new Path(path, RunDirectory.SUCCESS);
  }

  /** The run's own configuration with changes; the run stays where it is now. */
  ConfigLayers layers(Configuration hadoop, List<String> changes) {
    if (!StoredText.exists(hadoop, config())) {
      throw MonaException.configuration(
          path + " holds no config.conf: give the directory of a run, <run.output>/<run.id>");
    }
    ConfigLayers layers =
        ConfigLayers.start()
            .stored(config().toString(), StoredText.read(hadoop, config(), ConfigLayers.LARGEST));
    changes.forEach(layers::set);
    Path parent = path.getParent();
    return layers
        .set("run.output=" + (parent == null || parent.toString().isEmpty() ? "." : parent))
        .set("run.id=" + path.getName());
  }
}

package dev.mona.job;

import dev.mona.config.MonaConfig;
import dev.mona.config.TrackingConfig;
import dev.mona.tracking.Mlflow;
import dev.mona.tracking.TensorBoard;
import dev.mona.tracking.Tracker;
import dev.mona.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Makes the trackers that a configuration asks for. */
final class Trackers {
  private Trackers() {}

  static Tracking of(MonaConfig config, Configuration hadoop) {
    TrackingConfig wanted = config.tracking();
    List<Tracker> trackers = new ArrayList<>();
    if (wanted.tensorboard()) {
      trackers.add(new TensorBoard(hadoop));
    }
    if (!wanted.mlflow().isEmpty()) {
      Mlflow.Settings settings = new Mlflow.Settings(config.decisive(), config.hash());
      trackers.add(new Mlflow(wanted.mlflow(), System.getenv(), settings, hadoop));
    }
    return new Tracking(trackers, hadoop);
  }
}

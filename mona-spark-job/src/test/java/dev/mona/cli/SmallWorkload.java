package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.example.SmallEncoder;
import dev.mona.sizing.ModelShape;
import dev.mona.sizing.Workload;
import dev.mona.task.TaskSpec;

/** A workload over the small encoder, with round numbers. */
final class SmallWorkload {
  private SmallWorkload() {}

  static Workload of(MonaConfig config, TaskSpec task) {
    return new Workload(
        new ModelShape(SmallEncoder.CONFIG, 10, 1000, 7, 20, 12, 5000),
        config.learnerOptions(task),
        2,
        257,
        1 << 20);
  }
}

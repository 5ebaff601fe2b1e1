package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.example.SmallEncoder;
import dev.mona.sizing.ModelShape;
import dev.mona.sizing.Workload;
import dev.mona.task.TaskSpec;

/** A workload over the small encoder, with round numbers. */
final class SmallWorkload {
  /** Words, positions and three rows of the small encoder, of width 24. */
  private static final long TABLES = (200 + 16 + 3) * 24;

  private SmallWorkload() {}

  static Workload of(MonaConfig config, TaskSpec task) {
    return new Workload(
        new ModelShape(
            SmallEncoder.CONFIG.buffers(),
            new ModelShape.Groups(10, 1000, 0, 7),
            new ModelShape.Tokens(20, 12),
            TABLES,
            20_000),
        config.learnerOptions(task),
        2,
        new Workload.Samples(257, 1 << 20, 0, 1 << 10, 0),
        config.averaging().hasVelocity());
  }
}

package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.provenance.Parallelism;
import dev.mona.provenance.Starts;
import dev.mona.storage.RunDirectory;
import java.nio.charset.StandardCharsets;

/**
 * What is found where a run is to be made, and whether that is gone on with.
 *
 * @param run the directory
 * @param config of the run that is to be made or gone on with
 */
record Continuation(RunDirectory run, MonaConfig config) {

  /**
   * Whether there is a run to continue. Refuses a directory that is taken, that holds another run
   * or none where one is needed. Writes nothing.
   */
  boolean isContinued() {
    boolean exists = run.exists(RunDirectory.CONFIG);
    switch (config.run().restart().resume()) {
      case NEVER -> {
        if (exists) {
          throw MonaException.configuration(
              run.location()
                  + " already holds a run: choose another run.id, or continue it with --resume");
        }
      }
      case IF_PRESENT -> {}
      case REQUIRED -> {
        if (!exists) {
          throw MonaException.configuration(
              run.location() + " holds no run to continue: leave run.resume out to start one");
        }
        if (run.isComplete()) {
          throw MonaException.configuration(
              run.location() + " has ended: there is nothing to continue");
        }
      }
    }
    if (exists) {
      requireSameConfiguration();
    } else {
      run.requireFree();
    }
    return exists;
  }

  private void requireSameConfiguration() {
    MonaConfig started = started(run);
    String then = started.run().resources().device().arithmetic();
    String now = config.run().resources().device().arithmetic();
    if (!then.equals(now)) {
      throw MonaException.configuration(
          "%s was started on %s and is continued on %s: set run.engine and run.precision as they were, or start a new run"
              .formatted(run.location(), then, now));
    }
    if (!started.hash().equals(config.hash())) {
      throw MonaException.configuration(
          "%s was started with configuration %s and is continued with %s: leave out the settings that change what is computed"
              .formatted(run.location(), started.hash(), config.hash()));
    }
    Parallelism.started(Starts.facts(run), config, run.location());
  }

  /** The configuration that a run was started with; keys that it did not have at defaults. */
  static MonaConfig started(RunDirectory run) {
    String text =
        run.read(
            RunDirectory.CONFIG,
            (in, length) ->
                new String(in.readNBytes(ConfigLayers.LARGEST), StandardCharsets.UTF_8));
    return ConfigLayers.start().stored(run.location(RunDirectory.CONFIG), text).load();
  }
}

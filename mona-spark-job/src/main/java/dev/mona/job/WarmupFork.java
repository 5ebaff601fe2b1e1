package dev.mona.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.config.MonaConfig;
import dev.mona.learner.Stage;
import dev.mona.provenance.Starts;
import dev.mona.report.JsonHistory;
import dev.mona.storage.RunDirectory;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a run at the end of the warm-up of another one. Whoever kills it in between leaves a run
 * without checkpoints, which begins the same way again.
 *
 * @param run the run that begins; its configuration and provenance are written
 * @param config its configuration
 * @param checkpoints its own
 * @param hadoop how other directories are reached
 */
record WarmupFork(
    RunDirectory run, MonaConfig config, CheckpointStore checkpoints, Configuration hadoop) {
  private static final Logger log = LoggerFactory.getLogger(WarmupFork.class);

  /**
   * Takes over the warm-up of another run, unless this one has a checkpoint of its own.
   *
   * @param starts is told where from
   * @return whether there was one that begins as this run does
   */
  boolean from(SharedWarmup warmup, Starts starts) {
    if (warmup.from().isEmpty() || config.warmupHash().isEmpty() || !checkpoints.isEmpty()) {
      return false;
    }
    return warmup.from().stream().anyMatch(location -> from(location, starts));
  }

  private boolean from(String location, Starts starts) {
    try (RunDirectory other = RunDirectory.open(location, hadoop)) {
      Optional<Checkpoint> end = endOfWarmup(other);
      end.ifPresent(
          checkpoint -> {
            for (String file : List.of(MetricsFiles.ROUNDS, MetricsFiles.EPOCHS)) {
              run.writeText(file, upTo(checkpoint, other, file));
            }
            starts.warmedUpBy(other.location());
            checkpoints.save(checkpoint); // last: it is what the run goes on from
            log.info("event=warmup-taken-over from={}", other.location());
          });
      return end.isPresent();
    }
  }

  private Optional<Checkpoint> endOfWarmup(RunDirectory other) {
    Optional<JsonNode> facts = Starts.facts(other);
    Optional<JsonNode> own = Starts.facts(run);
    if (facts.isEmpty()
        || own.isEmpty()
        || !other.exists(RunDirectory.CONFIG)
        || !Starts.computedAlike(facts.get(), own.get())) {
      return Optional.empty();
    }
    MonaConfig its = Continuation.started(other);
    if (!its.warmupHash().equals(config.warmupHash())) {
      return Optional.empty();
    }
    int epochs = config.plan().stages().warmup().epochs();
    return new CheckpointStore(other, its.hash(), CheckpointStore.DEFAULT_RETAINED)
        .at(Stage.WARMUP, epochs);
  }

  private static String upTo(Checkpoint end, RunDirectory other, String file) {
    String text = other.exists(file) ? other.read(file, MetricsFiles::text) : "";
    return JsonHistory.before(text, end.stage(), end.epochs(), 0);
  }
}

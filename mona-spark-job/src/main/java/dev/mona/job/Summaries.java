package dev.mona.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.Quoted;
import dev.mona.StoredJson;
import dev.mona.config.MonaConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.learner.Learner;
import dev.mona.learner.NonFinite;
import dev.mona.report.ScoresJson;
import dev.mona.report.WallTimeJson;
import dev.mona.storage.RunDirectory;
import dev.mona.training.TrainingSummary;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code metrics/summary.json}: what a run ended with, for tables over several runs. */
final class Summaries {
  private static final JsonMapper JSON =
      StoredJson.mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final int LARGEST = 1 << 20;
  private static final String STOP_REASON = "stop_reason";

  private Summaries() {}

  /** How a run ended that has this file. */
  static RunEnded read(RunDirectory run) {
    return run.read(
        TrainingJob.SUMMARY,
        (in, length) -> {
          JsonNode all = JSON.readTree(in.readNBytes(LARGEST));
          Scores scores = ScoresJson.of(all);
          double seconds = 60 * scores.of(Measure.TRAINING_MINUTES);
          return new RunEnded(
              run.location(), stopReason(all), seconds, scores, WallTimeJson.of(all));
        });
  }

  private static StopReason stopReason(JsonNode summary) throws IOException {
    String name = summary.path(STOP_REASON).asText();
    return Arrays.stream(StopReason.values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IOException("its stop_reason is " + Quoted.of(name)));
  }

  /** Over all epochs that have ended. */
  private static long dropped(TrainingSummary summary) {
    return summary.history().stream()
        .mapToLong(epoch -> epoch.metrics().getOrDefault(Learner.DROPPED_STEPS, 0.0).longValue())
        .sum();
  }

  static String json(MonaConfig config, TrainingSummary summary, Scores scores, WallTime time) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("task", config.task().name());
    all.put("method", config.method().id());
    all.put("seed", config.run().seed());
    all.put(STOP_REASON, summary.stopReason().name());
    all.put("epochs", summary.history().size());
    summary.bestEpoch().ifPresent(best -> all.put("validation_error", best.score()));
    summary.bestEpoch().ifPresent(best -> all.put("best_finetuning_epoch", best.epoch()));
    if (config.nonFinite().policy() == NonFinite.SKIP) {
      all.put(Learner.DROPPED_STEPS, dropped(summary));
    }
    all.put(ScoresJson.FIELD, ScoresJson.fields(scores));
    all.put(WallTimeJson.FIELD, WallTimeJson.fields(time));
    try {
      return JSON.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("scores that have no JSON form: " + scores, e);
    }
  }
}

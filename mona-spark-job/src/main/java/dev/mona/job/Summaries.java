package dev.mona.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mona.config.MonaConfig;
import dev.mona.training.TrainingSummary;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code metrics/summary.json}: what a run ended with, for tables over several runs. */
final class Summaries {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Summaries() {}

  static String json(MonaConfig config, TrainingSummary summary, Map<String, Double> scores) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("task", config.task().name());
    all.put("method", config.method().id());
    all.put("seed", config.run().seed());
    all.put("stop_reason", summary.stopReason().name());
    all.put("epochs", summary.history().size());
    summary.bestEpoch().ifPresent(best -> all.put("validation_error", best.score()));
    summary.bestEpoch().ifPresent(best -> all.put("best_finetuning_epoch", best.epoch()));
    all.putAll(scores);
    try {
      return JSON.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("scores that have no JSON form: " + scores, e);
    }
  }
}

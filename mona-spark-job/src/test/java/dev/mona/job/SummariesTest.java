package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.MonaException;
import dev.mona.checkpoint.EpochScore;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.events.Spending;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.learner.Stage;
import dev.mona.metric.MetricKind;
import dev.mona.storage.RunDirectory;
import dev.mona.tensor.ParameterGroup;
import dev.mona.training.ModelParameters;
import dev.mona.training.TrainingSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummariesTest {
  private static final MonaConfig CONFIG =
      ConfigLayers.start()
          .set("task.name=t")
          .set("task.data=d")
          .set("run.seed=7")
          .set("training.non-finite=skip")
          .load();

  private static final WallTime TIME =
      new WallTime(Map.of(Spending.AVERAGING, 20.0, Spending.LOCAL_STEPS, 80.0));

  @TempDir private Path folder;

  private static Scores scores() {
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    scores.put(new ScoreName.Test(MetricKind.ERROR_RATE), 0.125);
    scores.put(Measure.OUTER_LOSS, Double.NaN);
    scores.put(Measure.TRAINING_MINUTES, 1.5);
    return new Scores(scores);
  }

  private static String json() {
    ModelParameters model =
        new ModelParameters(
            Arrays.stream(ParameterGroup.values())
                .collect(Collectors.toMap(Function.identity(), group -> new float[1])));
    List<EpochScore> history =
        List.of(
            new EpochScore(Stage.WARMUP, 0, Double.NaN, Map.of("dropped_steps", 2.0)),
            new EpochScore(Stage.FINETUNING, 0, 0.5, Map.of()),
            new EpochScore(Stage.FINETUNING, 1, 0.25, Map.of("dropped_steps", 1.0)));
    return Summaries.json(
        CONFIG, new TrainingSummary(StopReason.EARLY_STOPPING, model, history, 90), scores(), TIME);
  }

  private RunEnded read(String text) {
    try (RunDirectory run = RunDirectory.open(folder.toString(), new Configuration())) {
      run.writeText(TrainingJob.SUMMARY, text);
      return Summaries.read(run);
    }
  }

  @Test
  void factsStandBesideTheScores() throws IOException {
    JsonNode expected =
        new JsonMapper()
            .readTree(
                """
                {"task": "t", "method": "mona", "seed": 7, "stop_reason": "EARLY_STOPPING",
                 "epochs": 3, "validation_error": 0.25, "best_finetuning_epoch": 1,
                 "dropped_steps": 3,
                 "scores": {"test_error_rate": 0.125, "outer_loss": null, "training_minutes": 1.5},
                 "wall_seconds": {"local_steps": 80.0, "averaging": 20.0}}
                """);
    assertThat(new JsonMapper().readTree(json()).toPrettyString())
        .isEqualTo(expected.toPrettyString());
  }

  @Test
  void whatWasWrittenIsRead() {
    RunEnded ended = read(json());
    assertThat(ended.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
    assertThat(ended.seconds()).isEqualTo(90);
    assertThat(ended.time()).isEqualTo(TIME);
    assertThat(ended.scores().byId())
        .isEqualTo(Map.of("test_error_rate", 0.125, "training_minutes", 1.5));
  }

  /** As runs wrote it that had all numbers beside each other. */
  @Test
  void aFlatSummaryIsReadToo() {
    RunEnded ended =
        read(
            """
            {"task": "t", "method": "mona", "seed": 7, "stop_reason": "COMPLETED", "epochs": 3,
             "validation_error": 0.25, "best_finetuning_epoch": 1, "dropped_steps": 3,
             "test_error_rate": 0.125, "probe_error": "NaN", "training_minutes": 1.5}
            """);
    assertThat(ended.stopReason()).isEqualTo(StopReason.COMPLETED);
    assertThat(ended.time()).isEqualTo(WallTime.UNKNOWN);
    assertThat(ended.scores().byId())
        .isEqualTo(Map.of("test_error_rate", 0.125, "training_minutes", 1.5));
  }

  @Test
  void whatIsNoSummaryIsRefused() {
    for (String text : List.of("{}", "{\"stop_reason\": \"x\"}", "{\"stop_reason\"")) {
      assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(MonaException.class);
    }
  }
}

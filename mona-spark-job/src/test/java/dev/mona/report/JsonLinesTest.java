package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.MonaException;
import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Evaluation;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private final ByteArrayOutputStream rounds = new ByteArrayOutputStream();
  private final ByteArrayOutputStream epochs = new ByteArrayOutputStream();

  private static RoundEnded round(Stage stage, int epoch, int round) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", 0.1 + round);
    metrics.put("cosine \"g, v\"", Double.NaN);
    metrics.put("norm", Double.POSITIVE_INFINITY);
    return new RoundEnded(
        new RoundPosition(new EpochPosition(stage, epoch, 2), round, 2),
        new Work(64, 0.25),
        metrics);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void oneObjectALineAndNullForWhatIsNotFinite() throws IOException {
    try (JsonLines lines = new JsonLines(rounds, epochs)) {
      lines.roundEnded(round(Stage.ALIGNMENT, 1, 0));
      lines.roundEnded(round(Stage.ALIGNMENT, 1, 1));
      lines.epochEnded(
          new EpochEnded(
              new EpochPosition(Stage.ALIGNMENT, 1, 2),
              new Work(128, Double.NaN),
              new Evaluation(0.5, 0.125),
              Map.of("a", 1.0),
              false));
    }
    assertThat(text(rounds).lines()).hasSize(2);
    JsonNode second = new ObjectMapper().readTree(text(rounds).lines().toList().get(1));
    assertThat(second.get("stage").asText()).isEqualTo("alignment");
    assertThat(second.get("epoch").asInt()).isEqualTo(1);
    assertThat(second.get("round").asInt()).isEqualTo(1);
    assertThat(second.get("of_rounds").asInt()).isEqualTo(2);
    assertThat(second.get("examples").asInt()).isEqualTo(64);
    assertThat(second.get("seconds").asDouble()).isEqualTo(0.25);
    assertThat(second.get("metrics").get("loss").asDouble()).isEqualTo(0.1 + 1);
    assertThat(second.get("metrics").get("cosine \"g, v\"").isNull()).isTrue();
    assertThat(second.get("metrics").get("norm").isNull()).isTrue();
    assertThat(text(epochs))
        .isEqualTo(
            "{\"stage\":\"alignment\",\"epoch\":1,\"examples\":128,\"seconds\":null,"
                + "\"validation_seconds\":0.5,\"measures_seconds\":0.125,\"metrics\":{\"a\":1.0}}\n");
  }

  @Test
  void eachLineIsWrittenBeforeTheFileIsClosed() {
    JsonLines lines = new JsonLines(rounds, epochs);
    lines.roundEnded(round(Stage.WARMUP, 0, 0));
    assertThat(text(rounds)).endsWith("}\n");
  }

  /** An interrupted and resumed file equals the file of a run that was never interrupted. */
  @Test
  void resumedFileHasEveryRoundOnce() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    JsonLines uninterrupted = new JsonLines(whole, new ByteArrayOutputStream());
    JsonLines killed = new JsonLines(rounds, epochs);
    for (Stage stage : Stage.values()) {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (int r = 0; r < 2; r++) {
          uninterrupted.roundEnded(round(stage, epoch, r));
          // dies in the second epoch of the alignment, after one round
          if (stage == Stage.WARMUP || (stage == Stage.ALIGNMENT && epoch + r < 2)) {
            killed.roundEnded(round(stage, epoch, r));
          }
        }
      }
    }
    String left = text(rounds) + "{\"stage\":\"alignm";
    String kept = JsonHistory.before(left, Stage.ALIGNMENT, 1, 0);
    assertThat(kept.lines()).hasSize(6);

    ByteArrayOutputStream again = new ByteArrayOutputStream();
    again.writeBytes(kept.getBytes(StandardCharsets.UTF_8));
    JsonLines resumed = new JsonLines(again, epochs);
    for (int r = 0; r < 2; r++) {
      resumed.roundEnded(round(Stage.ALIGNMENT, 1, r));
    }
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int r = 0; r < 2; r++) {
        resumed.roundEnded(round(Stage.FINETUNING, epoch, r));
      }
    }
    assertThat(text(again)).isEqualTo(text(whole));
  }

  @Test
  void historyStopsAtTheFirstLineThatIsNoRecord() {
    String good = "{\"stage\":\"warmup\",\"epoch\":0}\n";
    assertThat(JsonHistory.before(good + "garbage\n" + good, Stage.FINETUNING, 0, 0))
        .isEqualTo(good);
    assertThat(JsonHistory.before(good + "{\"stage\":\"x\"}\n", Stage.FINETUNING, 0, 0))
        .isEqualTo(good);
    assertThat(JsonHistory.before("", Stage.WARMUP, 0, 0)).isEmpty();
  }

  @Test
  void failureToWriteIsAStorageError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    JsonLines lines = new JsonLines(full, epochs);
    assertThatThrownBy(() -> lines.roundEnded(round(Stage.WARMUP, 0, 0)))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.STORAGE))
        .hasMessageContaining("no space left");
  }
}

package dev.mona.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.storage.FileDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {
  /** Of format 2, as its first version wrote it. */
  private static final String JSON =
      """
      {
        "format" : 2,
        "configHash" : "0123",
        "stage" : "ALIGNMENT",
        "epochs" : 2,
        "rounds" : 5,
        "examples" : 1099511627776,
        "sums" : {
          "zeta" : 0.30000000000000004,
          "gap" : "NaN"
        },
        "counts" : {
          "zeta" : 3,
          "gap" : 0
        },
        "iteration" : 12,
        "bestEpoch" : 1,
        "bestScore" : 0.3333333333333333,
        "reference" : "NaN",
        "staleEpochs" : 4,
        "history" : [ {
          "stage" : "WARMUP",
          "epoch" : 0,
          "score" : "NaN",
          "metrics" : {
            "loss" : 0.5
          }
        } ],
        "seconds" : 60.5,
        "files" : {
          "state.safetensors" : {
            "bytes" : 12,
            "sha256" : "abababababababababababababababababababababababababababababababab"
          }
        }
      }
      """;

  private static Manifest manifest() {
    Map<String, Double> sums = new LinkedHashMap<>();
    sums.put("zeta", 0.1 + 0.2);
    sums.put("gap", Double.NaN);
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("zeta", 3L);
    counts.put("gap", 0L);
    Checkpoint checkpoint =
        new Checkpoint(
            new Position(
                Stage.ALIGNMENT, 2, new EpochUnderWay(5, 1L << 40, sums, counts, new float[1])),
            new TrainingState(new float[1], new float[1], 12),
            new Selection(new BestEpoch(1, 1.0 / 3, new float[1]), Double.NaN, 4),
            List.of(new EpochScore(Stage.WARMUP, 0, Double.NaN, Map.of("loss", 0.5))),
            60.5);
    FileDigest digest = new FileDigest(12, "ab".repeat(32));
    return Manifest.of(checkpoint, "0123", Map.of("state.safetensors", digest));
  }

  private static Manifest parse(String json) throws IOException {
    return Manifest.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void itsPartsAreOneFlatObject() throws IOException {
    assertThat(manifest().toJson()).isEqualTo(JSON);
    assertThat(parse(JSON)).isEqualTo(manifest());
  }

  @Test
  void refusesWhatIsMissingOrUnknown() {
    for (String key : List.of("format", "stage", "counts", "staleEpochs", "files")) {
      String other = JSON.replace("\"" + key + "\"", "\"" + key + "s\"");
      assertThatThrownBy(() -> parse(other)).as(key).isInstanceOf(JsonProcessingException.class);
    }
    assertThatThrownBy(() -> parse(JSON.replaceFirst("\\{", "{\"more\" : 1,")))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("more");
    assertThatThrownBy(() -> parse("[]")).isInstanceOf(JsonProcessingException.class);
  }
}

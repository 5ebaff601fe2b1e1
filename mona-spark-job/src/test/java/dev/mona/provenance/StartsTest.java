package dev.mona.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class StartsTest {
  private static JsonNode facts(String method, int partitions, String data, String starts)
      throws Exception {
    return new ObjectMapper()
        .readTree(
            """
            {"mona_version": "1", "config_sha256": "%s", "method": "%s", "partitions": %d,
             "data": {"train_sha256": "%s"}, "starts": [%s]}
            """
                .formatted(method, method, partitions, data, starts));
  }

  private static String start(String version, int partitions) {
    return "{\"mona_version\": \"%s\", \"partitions\": %d, \"host\": \"h\"}"
        .formatted(version, partitions);
  }

  @Test
  void runsOfTheSameInputsProgramAndPartsAreComputedAlike() throws Exception {
    JsonNode one = facts("mona", 2, "x", start("1", 2));
    assertThat(Starts.computedAlike(one, facts("finetune", 2, "x", start("1", 2)))).isTrue();
    assertThat(Starts.computedAlike(one, facts("mona", 2, "y", start("1", 2)))).isFalse();
    assertThat(Starts.computedAlike(one, facts("mona", 3, "x", start("1", 3)))).isFalse();
  }

  @Test
  void oneThatWentOnOtherwiseIsNot() throws Exception {
    JsonNode one = facts("mona", 2, "x", start("1", 2));
    JsonNode parted = facts("mona", 2, "x", start("1", 2) + "," + start("1", 3));
    JsonNode newer = facts("mona", 2, "x", start("1", 2) + "," + start("2", 2));
    assertThat(Starts.computedAlike(parted, one)).isFalse();
    assertThat(Starts.computedAlike(one, newer)).isFalse();
  }
}

package dev.mona.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.Shown;
import dev.mona.cli.text.JsonForm;
import dev.mona.cli.text.Printed;
import dev.mona.cli.text.RunText;
import dev.mona.cli.text.SafetensorsText;
import dev.mona.cli.text.StoredText;
import dev.mona.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of a run, which {@code inspect} shows. */
class InspectFuzzTest {
  private static final String FACTS =
      """
      {"version": "1.0", "started": "2026-01-01T00:00:00Z", "spark": {"master": "local[2]"},
       "inputs": [{"path": "a", "sha256": "00"}], "threads": 2}
      """;
  private static final String EPOCH =
      """
      {"stage":"WARMUP","epoch":0,"examples":640,"seconds":1.5,"metrics":{"loss":0.5,"error":0.25}}
      """;

  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  @Test
  void provenance() throws IOException {
    write("provenance.json", FACTS, "epochs.jsonl", EPOCH);
  }

  @Test
  void epochs() throws IOException {
    write("epochs.jsonl", EPOCH + EPOCH, "provenance.json", FACTS);
  }

  private void write(String damaged, String content, String whole, String other)
      throws IOException {
    Files.writeString(folder.resolve("config.conf"), "run.seed = 1\n");
    Files.writeString(folder.resolve(whole), other);
    Fuzz.text(damaged)
        .seed(content.getBytes(StandardCharsets.UTF_8))
        .slow(2)
        .check(
            file -> {
              Files.write(folder.resolve(damaged), file);
              String shown =
                  shown(new RunText(hadoop, RunLocation.of(hadoop, folder.toString()), 5, false));
              if (shown.chars().anyMatch(sign -> sign != '\n' && Character.isISOControl(sign))) {
                throw new IllegalStateException("a sign that a terminal obeys is shown");
              }
            });
  }

  @Test
  void weights() throws IOException {
    String header =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"__metadata__\":{\"format\":\"pt\"}}";
    byte[] seed = new byte[8 + header.length() + 8];
    seed[0] = (byte) header.length();
    System.arraycopy(header.getBytes(StandardCharsets.UTF_8), 0, seed, 8, header.length());
    Path weights = folder.resolve("model.safetensors");
    Fuzz.text("safetensors-shown")
        .seed(seed)
        .check(
            file -> {
              Files.write(weights, file);
              String shown =
                  shown(
                      SafetensorsText.of(
                          hadoop,
                          StoredText.status(
                              hadoop, new org.apache.hadoop.fs.Path(weights.toUri()))));
              if (shown.chars().anyMatch(sign -> sign != '\n' && Character.isISOControl(sign))) {
                throw new IllegalStateException("a sign that a terminal obeys is shown");
              }
            });
  }

  /** Both forms, the document as the terminal gets it, where it still is one. */
  private static String shown(Printed printed) {
    String json = Shown.lines(JsonForm.text(printed.json()));
    try {
      new JsonMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return printed.text() + json;
  }
}

package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ModelFolder;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of DistilBERT through the whole job: other names, the same uses. */
class DistilBertIT {
  private static final DistilBert SMALL =
      new DistilBert(new TransformerShape(24, 2, 3, 32, 1e-12), new TextTables(200, 16, 0, 0));

  @Test
  void aRunUsesItAsAnyEncoderOfText(@TempDir Path root) throws IOException {
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      SmallEncoder.write(folder.encoder(), SMALL, JobFolder.SEED);
      Path run = folder.trained(spark, "distilbert", "finetuning.scope=layernorm");

      JsonNode facts = json(run.resolve("provenance.json")).path("backbone");
      assertThat(facts.path("kind").asText()).isEqualTo("DISTILBERT");
      JsonNode summary = json(run.resolve("metrics/summary.json"));
      for (String score : List.of("probe_error", "probe_error_pretrained", "discrepancy")) {
        assertThat(summary.findValue(score).asDouble(-1)).as(score).isBetween(0.0, 10.0);
      }

      ModelFolder finetuned = ModelFolder.of(run.resolve("finetuned"));
      EncoderCheckpoint back = EncoderCheckpoint.open(finetuned);
      assertThat(back.encoder()).isEqualTo(SMALL);
      List<String> moved = new ArrayList<>();
      for (WeightTensor before : SmallEncoder.tensors(SMALL, JobFolder.SEED)) {
        WeightTensor after = back.tensor(before.name());
        if (!Arrays.equals(after.values(), before.values())) {
          moved.add(before.name());
        }
      }
      assertThat(moved)
          .hasSize(2 * 2 * 2)
          .allMatch(name -> name.matches("transformer\\.layer\\.[01]\\.\\w+_layer_norm\\.\\w+"));

      CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", run.toString());
      assertThat(evaluated.err()).isEmpty();
      assertThat(evaluated.code()).isZero();
      Path graph = run.resolve("finetuned/network.zip");
      assertThat(ModelSerializer.restoreComputationGraph(graph.toFile()).numParams())
          .isEqualTo(
              values(run.resolve("finetuned/model.safetensors")) - SMALL.embeddings().length());
    }
  }

  private static long values(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Safetensors.read(in, Files.size(file), file.toString()).values().stream()
          .mapToLong(tensor -> tensor.values().length)
          .sum();
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }
}

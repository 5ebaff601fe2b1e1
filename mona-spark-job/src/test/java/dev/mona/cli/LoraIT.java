package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.encoder.Bert;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ModelFolder;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.example.Interruption;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that trains adapters in place of the encoder, through the whole job. */
class LoraIT {
  /** So large that embedder and head are little beside it. */
  private static final Bert ENCODER =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(96, 6, 3, 384, 1e-12),
          new TextTables(200, 16, 2, 0));

  private static final LoraOptions LORA =
      new LoraOptions(2, 1.5, LoraOptions.Projections.QUERY_VALUE);
  private static final String[] SETTINGS = {
    "finetuning.adapter=lora",
    "finetuning.lora.rank=2",
    "finetuning.lora.scale=1.5",
    "alignment.epochs=0"
  };

  private static SparkSession spark;
  private static JobFolder folder;
  private static Path run;

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    SmallEncoder.write(folder.encoder(), ENCODER, JobFolder.SEED);
    run = folder.trained(spark, "lora", SETTINGS);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Map<String, WeightTensor> tensors(String file) throws IOException {
    Path path = run.resolve(file);
    try (InputStream in = Files.newInputStream(path)) {
      return Safetensors.read(in, Files.size(path), file);
    }
  }

  private static long values(String file) throws IOException {
    return tensors(file).values().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  @Test
  void aRoundMovesAFewHundredthsOfTheBytes() throws IOException {
    long adapters = values("adapter/adapter_model.safetensors");
    assertThat(adapters).isEqualTo(6L * 2 * 2 * 2 * 96);
    long model = values("finetuned/model.safetensors") - ENCODER.embeddings().length();
    long encoder = ENCODER.backbone().layout().length();
    // parameters and two moments
    long expected = 3 * Float.BYTES * (model - encoder + adapters);
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics/rounds.jsonl"))) {
      JsonNode round = new ObjectMapper().readTree(line);
      if (round.path("stage").asText().equals("finetuning")) {
        rounds.add(round);
      }
    }
    assertThat(rounds).isNotEmpty();
    for (JsonNode round : rounds) {
      long bytes = Objects.requireNonNull(round.findValue("averaged_bytes")).asLong();
      assertThat(bytes).isEqualTo(expected).isLessThan((long) (0.03 * 3 * Float.BYTES * model));
    }
  }

  /** PEFT's file on the pretrained encoder is the finetuned one. */
  @Test
  void theFinetunedEncoderIsThePretrainedOneWithTheAdaptersMerged() throws IOException {
    LowRankAdapters adapters = new LowRankAdapters(ENCODER.backbone().layout(), LORA);
    Map<String, WeightTensor> peft = tensors("adapter/adapter_model.safetensors");
    assertThat(peft).hasSize(2 * adapters.projections().size());
    float[] factors = new float[Math.toIntExact(adapters.layout().length())];
    for (ParameterLayout.Entry entry : adapters.layout().entries()) {
      WeightTensor tensor = WeightTensor.named("base_model.model." + entry.name(), peft);
      assertThat(tensor.shape()).isEqualTo(entry.shape());
      System.arraycopy(tensor.values(), 0, factors, (int) entry.offset(), tensor.values().length);
    }
    EncoderCheckpoint before = EncoderCheckpoint.open(ModelFolder.of(folder.encoder()));
    EncoderCheckpoint after = EncoderCheckpoint.open(ModelFolder.of(run.resolve("finetuned")));
    int changed = 0;
    for (ParameterLayout.Entry entry : ENCODER.tensors().entries()) {
      float[] values = after.tensor(entry.name()).values();
      float[] plain = before.tensor(entry.name()).values();
      String name = entry.name().replaceAll("\\.weight$", "");
      if (adapters.projections().contains(name)) {
        changed++;
        assertThat(values).as(name).isNotEqualTo(plain);
        int a = (int) adapters.layout().entry(name + ".lora_A.weight").offset();
        int b = (int) adapters.layout().entry(name + ".lora_B.weight").offset();
        for (int k = 0; k < values.length; k++) {
          int row = k / 96;
          int column = k % 96;
          double product =
              (double) factors[b + 2 * row] * factors[a + column]
                  + (double) factors[b + 2 * row + 1] * factors[a + 96 + column];
          assertThat((double) values[k]).isCloseTo(plain[k] + 1.5 * product, within(1e-6));
        }
      } else {
        assertThat(values).as(name).isEqualTo(plain);
      }
    }
    assertThat(changed).isEqualTo(12);
    JsonNode config =
        new ObjectMapper().readTree(run.resolve("adapter/adapter_config.json").toFile());
    assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
    assertThat(config.path("r").asInt()).isEqualTo(2);
    assertThat(config.path("lora_alpha").asInt()).isEqualTo(3);
    List<String> modules = new ArrayList<>();
    config.path("target_modules").forEach(module -> modules.add(module.asText()));
    assertThat(modules).isEqualTo(adapters.projections());
  }

  /**
   * From the checkpoint after the first epoch of finetuning, and scored again as a model without
   * adapters.
   */
  @Test
  void aContinuedRunEndsWithTheSameBytesAndIsScoredAlike() throws IOException {
    List<String> checkpoints = Interruption.checkpoints(run);
    assertThat(checkpoints.get(0)).startsWith("finetuning");
    Path again = folder.run("again");
    copyBut(checkpoints.subList(1, checkpoints.size()), again);
    CommandRun resumed = CommandRun.of(OneSession.of(spark), "train", "--resume", again.toString());
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.code()).isZero();
    for (String file :
        List.of(
            "finetuned/model.safetensors",
            "finetuned/network.zip",
            "adapter/adapter_model.safetensors",
            "adapter/adapter_config.json")) {
      assertThat(again.resolve(file)).as(file).hasSameBinaryContentAs(run.resolve(file));
    }
    JsonNode summary = new ObjectMapper().readTree(again.resolve("metrics/summary.json").toFile());
    CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", again.toString());
    assertThat(evaluated.err()).isEmpty();
    double error = Objects.requireNonNull(summary.findValue("test_error_rate")).asDouble();
    String line =
        evaluated.out().lines().filter(l -> l.startsWith("error-rate")).findFirst().orElseThrow();
    assertThat(Double.parseDouble(line.replaceAll(".*\\s", ""))).isCloseTo(error, within(1e-4));
  }

  /** The run as it was before some of its checkpoints. */
  private static void copyBut(List<String> left, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        boolean early = name.matches("config\\.conf|provenance.*|(checkpoints|metrics|aligned)/.*");
        boolean late =
            name.endsWith("summary.json")
                || left.stream().anyMatch(each -> name.startsWith("checkpoints/" + each));
        if (early && !late) {
          Files.createDirectories(to.resolve(name).resolveSibling("."));
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }
}

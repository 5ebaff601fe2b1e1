package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.Interruption;
import dev.mona.example.LocalSpark;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole job with an average of what finetuning trains. An epoch is one step of both workers, so
 * that runs without an average, of one epoch, two and three, leave what it is the average of.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinetuningAverageTrainIT {
  private static final double DECAY = 0.6;
  private static final int EPOCHS = 3;
  private static final String MODEL = "finetuned/model.safetensors";
  private static final String ADAPTER = "adapter/adapter_model.safetensors";

  private SparkSession spark;
  private JobFolder folder;

  @BeforeAll
  void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  void stop() {
    spark.stop();
  }

  private Path train(String id, int epochs, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "alignment.epochs=0",
                "finetuning.epochs=" + epochs,
                "finetuning.batch-size=48",
                "finetuning.optimizer.learning-rate=0.03",
                "task.validation-fraction=0",
                "evaluation.retention=false"));
    settings.addAll(Arrays.asList(more));
    return folder.trained(spark, id, settings.toArray(String[]::new));
  }

  private static Map<String, WeightTensor> tensors(Path run, String file) throws IOException {
    Path path = run.resolve(file);
    try (InputStream in = Files.newInputStream(path)) {
      return Safetensors.read(in, Files.size(path), file);
    }
  }

  private static Path lastCheckpoint(Path run) throws IOException {
    List<String> names = Interruption.checkpoints(run);
    return run.resolve("checkpoints").resolve(names.get(names.size() - 1));
  }

  private double testError(Path run) throws IOException {
    JsonNode summary = new ObjectMapper().readTree(run.resolve("metrics/summary.json").toFile());
    double error = Objects.requireNonNull(summary.findValue("test_error_rate")).asDouble();
    CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", run.toString());
    assertThat(evaluated.err()).isEmpty();
    String line =
        evaluated.out().lines().filter(l -> l.startsWith("error-rate")).findFirst().orElseThrow();
    assertThat(Double.parseDouble(line.replaceAll(".*\\s", "")))
        .as("of the files in finetuned/")
        .isCloseTo(error, within(1e-4));
    return error;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lora"})
  void whatIsWrittenAndScoredIsTheAverageOverTheSteps(String adapter) throws IOException {
    String kind = "finetuning.adapter=" + adapter;
    List<Path> steps = new ArrayList<>();
    for (int epochs = 1; epochs <= EPOCHS; epochs++) {
      steps.add(train(adapter + epochs, epochs, kind));
    }
    Path averaged = train(adapter + "-averaged", EPOCHS, kind, "finetuning.ema=" + DECAY);
    // merged adapters are not the average of merged ones
    String file = adapter.equals("lora") ? ADAPTER : MODEL;
    int changed = 0;
    for (Map.Entry<String, WeightTensor> tensor : tensors(averaged, file).entrySet()) {
      float[] found = tensor.getValue().values();
      double[] expected = new double[found.length];
      double mass = 0;
      float[] last = {};
      for (Path step : steps) {
        last = WeightTensor.named(tensor.getKey(), tensors(step, file)).values();
        mass = DECAY * mass + 1 - DECAY;
        for (int i = 0; i < found.length; i++) {
          expected[i] = DECAY * expected[i] + (1 - DECAY) * last[i];
        }
      }
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i])
            .as("%s, value %d", tensor.getKey(), i)
            .isCloseTo(expected[i] / mass, within(2e-6));
      }
      changed += Arrays.equals(found, last) ? 0 : 1;
    }
    assertThat(changed).as("tensors that are not the last step's").isGreaterThan(5);

    Path plain = steps.get(EPOCHS - 1);
    assertThat(tensors(lastCheckpoint(averaged), "state.safetensors").get("parameters"))
        .as("training goes on from the parameters themselves")
        .usingRecursiveComparison()
        .isEqualTo(tensors(lastCheckpoint(plain), "state.safetensors").get("parameters"));
    assertThat(testError(averaged)).isNotEqualTo(testError(plain));
  }

  /** From the checkpoint after the first epoch of finetuning. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "lora"})
  void aContinuedRunEndsWithTheSameBytes(String adapter) throws IOException {
    Path run =
        train(
            adapter + "-whole",
            2,
            "finetuning.adapter=" + adapter,
            "finetuning.ema=1",
            "finetuning.batch-size=6");
    List<String> checkpoints = Interruption.checkpoints(run);
    assertThat(checkpoints.get(0)).isEqualTo("finetuning-0001-000000");
    Path again = folder.run(adapter + "-again");
    copyBut(checkpoints.subList(1, checkpoints.size()), run, again);
    CommandRun resumed = CommandRun.of(OneSession.of(spark), "train", "--resume", again.toString());
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.code()).isZero();
    for (String file : List.of(MODEL, "finetuned/network.zip")) {
      assertThat(again.resolve(file)).as(file).hasSameBinaryContentAs(run.resolve(file));
    }
  }

  /** A run as it was before some of its checkpoints. */
  private static void copyBut(List<String> left, Path run, Path to) throws IOException {
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

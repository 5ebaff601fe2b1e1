package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.mona.cli.failure.ExitCode;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.example.LocalSpark;
import dev.mona.example.Python;
import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallVision;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs leave, read by transformers and by ONNX Runtime, in Java and in Python. */
class ExportedModelIT {
  private static final double CLOSE = 1e-4;

  private static final Map<String, Encoder> ENCODERS =
      Map.of(
          "bert", SmallEncoder.CONFIG,
          "distilbert",
              new DistilBert(
                  new TransformerShape(24, 2, 3, 32, 1e-12), new TextTables(200, 16, 0, 0)),
          "hiera", SmallVision.HIERA,
          "swin", SmallVision.SWIN,
          "vit", SmallVision.VIT);

  private static SparkSession spark;
  private static JobFolder folder;

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    SmallVision.images(spark, root.resolve("images"), 16, JobFolder.SEED);
    for (String name : ENCODERS.keySet()) {
      trained(name);
      mona("predict", folder.run(name).toString(), "--output", predictions(name).toString());
      mona("export", folder.run(name).toString(), "--onnx", onnx(name).toString());
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static void trained(String name) throws IOException {
    Path weights = folder.root().resolve("pretrained-" + name);
    SmallEncoder.write(weights, Objects.requireNonNull(ENCODERS.get(name)), JobFolder.SEED);
    List<String> settings = new ArrayList<>(List.of("backbone.weights=" + weights));
    if (name.endsWith("bert")) {
      Path tokenizer = folder.encoder().resolve("tokenizer.json");
      Files.copy(tokenizer, weights.resolve("tokenizer.json"));
    } else {
      settings.add("source.path=" + folder.root().resolve("images"));
      settings.add("alignment.source-batch.classes=3");
    }
    folder.trained(spark, name, settings.toArray(String[]::new));
  }

  private static Path predictions(String name) {
    return folder.root().resolve("predictions-" + name);
  }

  private static Path onnx(String name) {
    return folder.root().resolve(name + ".onnx");
  }

  private static CommandRun mona(String... arguments) {
    CommandRun run = CommandRun.of(OneSession.of(spark), arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "hiera", "swin", "vit"})
  void onnxRuntimeRepeatsThePredictions(String name) throws Exception {
    Map<Long, Row> samples = new LinkedHashMap<>();
    spark
        .read()
        .parquet(folder.data() + "/test.parquet")
        .collectAsList()
        .forEach(row -> samples.put(row.getAs("id"), row));
    List<Row> predicted = spark.read().parquet(predictions(name).toString()).collectAsList();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx(name).toString())) {
      assertThat(session.getMetadata().getCustomMetadata()).containsEntry("task", "waves");
      for (int batch : new int[] {1, 7}) {
        float[] features = new float[batch * SmallTask.FEATURES];
        for (int i = 0; i < batch; i++) {
          long id = predicted.get(i).getAs("id");
          Row sample = Objects.requireNonNull(samples.get(id));
          List<Float> values = sample.getList(sample.fieldIndex("features"));
          for (int k = 0; k < SmallTask.FEATURES; k++) {
            features[i * SmallTask.FEATURES + k] = values.get(k);
          }
        }
        long[] shape = {batch, SmallTask.CHANNELS, SmallTask.LENGTH};
        try (OnnxTensor input =
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(features), shape);
            OrtSession.Result result = session.run(Map.of("features", input))) {
          for (String output : List.of("logits", "probability")) {
            float[][] values = (float[][]) result.get(output).orElseThrow().getValue();
            for (int i = 0; i < batch; i++) {
              Row row = predicted.get(i);
              List<Float> expected = row.getList(row.fieldIndex(output));
              for (int k = 0; k < expected.size(); k++) {
                assertThat((double) values[i][k])
                    .as("%s of sample %d of %d", output, i, batch)
                    .isCloseTo(expected.get(k), within(CLOSE));
              }
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "hiera", "swin", "vit"})
  void pythonRepeatsThemWithOnnxRuntime(String name) throws IOException {
    Path examples = Python.checkout("python/examples");
    Python python = Python.with(examples.resolve("requirements-onnx.txt"));
    Python.Ended ended =
        python.run(
            examples.resolve("predict_onnx.py"), onnx(name), folder.data(), predictions(name));
    assertThat(ended.output()).startsWith(SmallTask.TEST + " samples, outputs at most ");
    assertThat(ended.code()).as(ended.output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "swin", "vit"})
  void pythonRepeatsThemWithTransformers(String name) throws IOException {
    Path examples = Python.checkout("python/examples");
    Python python = Python.with(examples.resolve("requirements.txt"));
    Python.Ended ended =
        python.run(
            examples.resolve("predict.py"), folder.run(name), folder.data(), predictions(name));
    assertThat(ended.output()).contains("10 samples, logits at most ");
    assertThat(ended.code()).as(ended.output()).isZero();
  }

  @Test
  void transformersHasTheTrunkOfSam2UnderItsOwnNames() throws IOException {
    Path examples = Python.checkout("python/examples");
    Python python = Python.with(examples.resolve("requirements.txt"));
    Path run = folder.run("hiera");
    Path renamed = folder.root().resolve("renamed-hiera");
    Python.Ended made = python.run(examples.resolve("sam2_trunk.py"), run, renamed);
    assertThat(made.code()).as(made.output()).isZero();
    Python.Ended ended =
        python.run(
            examples.resolve("predict.py"), run, folder.data(), predictions("hiera"), renamed);
    assertThat(ended.output()).contains("10 samples, logits at most ");
    assertThat(ended.code()).as(ended.output()).isZero();
  }

  @Test
  void theSameRunGivesTheSameFileAndNoneIsReplaced() throws IOException {
    String run = folder.run("bert").toString();
    Path again = folder.root().resolve("again.onnx");
    CommandRun made = mona("export", run, "--onnx", again.toString());
    assertThat(Files.mismatch(again, onnx("bert"))).isEqualTo(-1);
    assertThat(made.out())
        .containsPattern("features +\\[batch, 2, 12\\]")
        .containsPattern("probability +\\[batch, 3\\]");
    CommandRun twice =
        CommandRun.of(OneSession.of(spark), "export", run, "--onnx", again.toString());
    assertThat(twice.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(twice.err()).isEqualTo("mona: --onnx " + again + " exists: name a new file\n");
    CommandRun named = CommandRun.of(OneSession.of(spark), "export", run, "--onnx", "a b");
    assertThat(named.err())
        .isEqualTo("mona: --onnx names the file 'a b': use letters, digits, '.', '_' or '-'\n");
  }
}

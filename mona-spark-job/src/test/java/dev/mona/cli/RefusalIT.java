package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import dev.mona.data.ConvertedSet;
import dev.mona.data.NpyWriter;
import dev.mona.data.NumpySet;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a run refuses: one sentence on standard error, the documented exit code, and no directory.
 */
class RefusalIT {
  private static final Pattern ONE_SENTENCE = Pattern.compile("mona: [^\n]+\n");

  private static SparkSession spark;
  private static JobFolder folder;

  private final Path scratch;

  RefusalIT(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static void assertSentence(CommandRun run, ExitCode code, String... parts) {
    assertThat(run.err()).matches(ONE_SENTENCE).contains(parts);
    assertThat(run.code()).isEqualTo(code.code());
    assertThat(run.out()).isEmpty();
  }

  /** Training ends with the sentence, {@code validate} with the same one, and nothing is left. */
  private static void assertRefused(ExitCode code, List<String> settings, String... parts) {
    CommandRun run = folder.train(spark, "refused", settings.toArray(String[]::new));
    assertSentence(run, code, parts);
    assertThat(folder.run("refused")).doesNotExist();
    Stream<String> sets = settings.stream().flatMap(setting -> Stream.of("--set", setting));
    CommandRun validated =
        CommandRun.of(
            OneSession.of(spark),
            Stream.concat(Stream.of("validate", "--task", folder.task().toString()), sets)
                .toArray(String[]::new));
    assertThat(validated.err()).isEqualTo(run.err());
    assertThat(validated.code()).isEqualTo(code.code());
  }

  /** Conversion ends with the sentence, and nothing is left. */
  private void assertNotConverted(NumpySet set, String... parts) throws IOException {
    Path in = set.write(scratch.resolve("in"));
    Path out = scratch.resolve("out");
    CommandRun run =
        CommandRun.of(OneSession.of(spark), "convert", in.toString(), "--output", out.toString());
    assertSentence(run, ExitCode.DATA, parts);
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).containsExactly(in);
    }
  }

  /** Converts a set that the task then names. */
  private String converted(NumpySet set) {
    Path out = scratch.resolve("out");
    CommandRun run =
        CommandRun.of(
            OneSession.of(spark),
            "convert",
            set.write(scratch.resolve("in")).toString(),
            "--output",
            out.toString());
    assertThat(run.err()).isEmpty();
    return "task.data=" + out;
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  @Test
  void dataThatAreNotThere() {
    assertRefused(
        ExitCode.DATA,
        List.of("task.data=" + scratch.resolve("none")),
        "none/manifest.json does not exist",
        "mona convert");
  }

  @Test
  void labelsThatAreNoWholeNumbers() throws IOException {
    double[] halves = new double[SmallTask.TRAIN];
    Arrays.fill(halves, 0.5);
    assertNotConverted(
        SmallTask.arrays(1).array("y_train", NpyWriter.npy("<f4", false, new int[] {48}, halves)),
        "y_train has dtype f4",
        "whole numbers");
  }

  @Test
  void labelOutOfRange() throws IOException {
    double[] labels = new double[SmallTask.TRAIN];
    labels[7] = SmallTask.CLASSES;
    assertNotConverted(
        SmallTask.arrays(1).array("y_train", NpyWriter.npy("|i1", false, new int[] {48}, labels)),
        "y_train has the label 3 for sample 7");
  }

  @Test
  void featureThatIsNoNumber() throws IOException {
    double[] values = SmallTask.values(new Random(1), SmallTask.TEST);
    values[SmallTask.FEATURES * 2 + SmallTask.LENGTH + 4] = Double.NaN;
    int[] shape = {SmallTask.TEST, SmallTask.CHANNELS, SmallTask.LENGTH};
    assertNotConverted(
        SmallTask.arrays(1).array("x_test", NpyWriter.npy("<f4", false, shape, values)),
        "x_test has the value NaN in sample 2, channel 1, position 4");
  }

  @Test
  void classMissingFromTrain() {
    double[] labels = new double[SmallTask.TRAIN];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 2;
    }
    NumpySet set =
        SmallTask.arrays(1).array("y_train", NpyWriter.npy("|i1", false, new int[] {48}, labels));
    assertRefused(ExitCode.DATA, List.of(converted(set)), "train has no sample of class 2 of 3");
  }

  @Test
  void shapeThatIsNotTheManifests() throws IOException {
    Path copy = copy(folder.data(), scratch.resolve("copy"));
    Path manifest = copy.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"length\" : 12", "\"length\" : 9"));
    assertThat(manifest).content().isNotEqualTo(text);
    assertRefused(
        ExitCode.DATA,
        List.of("task.data=" + copy),
        "has 24 features in sample",
        "the manifest says 2 x 9 = 18");
  }

  /** Rows that no converter wrote, with a manifest that agrees on checksum and length. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          label    | cast(label as bigint)                                 | of type bigint
          features | cast(features as array<double>)                       | of type array<double>
          label    | case when id = 5 then 3 else label end                | has the label 3 for sample 5
          label    | case when id = 5 then null else label end             | has no label for sample 5
          features | transform(features, x -> if(id = 5, float('NaN'), x)) | has the value NaN in sample 5
          features | slice(features, 1, 23)                                | has 23 features in sample 0
          id       | id div 2                                              | id 0 occurs twice
          """)
  void rowsThatWereChanged(String column, String expression, String sentence) {
    ConvertedSet set = new ConvertedSet(spark, scratch).convert(SmallTask.arrays(1), false);
    set.replaceTrain(
        set.trainRows().withColumn(column, functions.expr(expression)), SmallTask.TRAIN);
    assertRefused(ExitCode.DATA, List.of("task.data=" + set.path()), sentence);
  }

  @Test
  void dataThatChangedAfterConversion() throws IOException {
    Path copy = copy(folder.data(), scratch.resolve("copy"));
    byte[] bytes = Files.readAllBytes(copy.resolve("train.parquet"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(copy.resolve("train.parquet"), bytes);
    assertRefused(ExitCode.DATA, List.of("task.data=" + copy), "train.parquet has SHA-256");
  }

  @Test
  void truncatedWeights() throws IOException {
    Path encoder = SmallEncoder.write(scratch.resolve("encoder"), 1);
    Path weights = encoder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused(ExitCode.WEIGHTS, List.of("backbone.weights=" + encoder), weights.toString());
  }

  @Test
  void encoderThatIsNotThere() {
    assertRefused(
        ExitCode.WEIGHTS,
        List.of("backbone.weights=" + scratch.resolve("none")),
        "none holds no config.json");
  }

  @Test
  void encoderWithoutItsTokenizer() throws IOException {
    Path encoder = SmallEncoder.write(scratch.resolve("encoder"), 1);
    Files.delete(encoder.resolve("tokenizer.json"));
    assertRefused(
        ExitCode.WEIGHTS, List.of("backbone.weights=" + encoder), "holds no tokenizer.json");
  }

  /** A template with a token that is not defined ends the native library with SIGABRT. */
  @Test
  void aTokenizerThatEndsItsProcess() throws IOException {
    Path encoder = SmallEncoder.write(scratch.resolve("encoder"), 1);
    String first = "{\"[CLS]\": {\"id\": \"[CLS]\", \"ids\": [2], \"tokens\": [\"[CLS]\"]},";
    assertThat(SmallEncoder.tokenizer()).containsOnlyOnce(first);
    Files.writeString(
        encoder.resolve("tokenizer.json"), SmallEncoder.tokenizer().replace(first, "{"));
    assertRefused(
        ExitCode.WEIGHTS,
        List.of("backbone.weights=" + encoder),
        "tokenizer.json died with signal 6, saying 'no entry found for key'");
  }

  @Test
  void sourceTextsThatAreNotThere() {
    assertRefused(
        ExitCode.DATA,
        List.of("source.path=" + scratch.resolve("none")),
        "none cannot be read as Parquet");
  }

  @Test
  void unknownKey() {
    assertRefused(
        ExitCode.CONFIGURATION,
        List.of("alignment.alhpa=0.1"),
        "unknown key alignment.alhpa",
        "did you mean alignment.alpha?");
  }

  @Test
  void kernelThatDoesNotDivideTheLength() {
    assertRefused(ExitCode.CONFIGURATION, List.of("embedder.kernel=5"), "5", "12");
  }

  @Test
  void sourceBatchWithoutPositives() {
    assertRefused(
        ExitCode.CONFIGURATION,
        List.of("alignment.source-batch.samples-per-class=1"),
        "samples-per-class is \"1\"",
        "from 2");
    SmallTexts.write(spark, scratch.resolve("texts"), 2, 1);
    assertRefused(
        ExitCode.CONFIGURATION,
        List.of("source.path=" + scratch.resolve("texts")),
        "a source batch of 4 classes x 3 samples cannot be drawn");
  }

  @Test
  void morePartitionsThanSamples() {
    assertRefused(
        ExitCode.CONFIGURATION,
        List.of("run.partitions=37"),
        "run.partitions is 37 for 36 training samples");
  }

  @Test
  void outputThatIsAFile() throws IOException {
    Path file = Files.writeString(scratch.resolve("file"), "");
    CommandRun run =
        CommandRun.of(
            OneSession.of(spark),
            "train",
            "--task",
            folder.task().toString(),
            "--output",
            file.toString(),
            "--set",
            "task.data=" + scratch.resolve("none"));
    assertSentence(run, ExitCode.STORAGE, file + " is a file");
  }

  /** What costs nothing to see is refused before the data are looked for, which are not there. */
  @Test
  void theOutputIsCheckedBeforeTheInputs() throws IOException {
    String none = scratch.resolve("none").toString();
    Path run = Files.createDirectories(folder.run("held"));
    Files.writeString(run.resolve("config.conf"), "");
    assertSentence(
        folder.train(spark, "held", "task.data=" + none),
        ExitCode.CONFIGURATION,
        "already holds a run");

    Files.copy(folder.task(), run.resolve("config.conf"), StandardCopyOption.REPLACE_EXISTING);
    String[] evaluate = {"evaluate", run.toString(), "--data", none};
    assertSentence(
        CommandRun.of(OneSession.of(spark), evaluate),
        ExitCode.WEIGHTS,
        "held holds no finetuned/model.safetensors");
    Path model = run.resolve("finetuned/model.safetensors");
    Files.createDirectories(model.resolveSibling("."));
    Files.writeString(model, "");
    Files.writeString(model.resolveSibling("manifest.json"), "");
    assertSentence(
        CommandRun.of(OneSession.of(spark), evaluate), ExitCode.DATA, "none/manifest.json");
    assertSentence(
        CommandRun.of(
            OneSession.of(spark),
            "predict",
            run.toString(),
            "--data",
            none,
            "--output",
            scratch.toString()),
        ExitCode.STORAGE,
        scratch + " exists: name a new directory");
  }

  /** A run that has ended, and the same without its mark. */
  @Test
  void directoriesThatHoldARun() throws IOException {
    String[] quick = {
      "warmup.epochs=1", "alignment.epochs=0", "finetuning.epochs=0", "evaluation.retention=false"
    };
    Path run = folder.trained(spark, "taken", quick);
    byte[] provenance = Files.readAllBytes(run.resolve("provenance.json"));
    assertSentence(
        folder.train(spark, "taken", quick), ExitCode.CONFIGURATION, "already holds a run");
    assertSentence(
        CommandRun.of(OneSession.of(spark), "train", "--resume", run.toString()),
        ExitCode.CONFIGURATION,
        "has ended");
    Files.delete(run.resolve("_SUCCESS"));
    assertSentence(
        CommandRun.of(
            OneSession.of(spark), "train", "--resume", run.toString(), "--set", "run.seed=4"),
        ExitCode.CONFIGURATION,
        "was started with configuration",
        "leave out the settings");
    assertThat(Files.readAllBytes(run.resolve("provenance.json"))).isEqualTo(provenance);
    assertSentence(
        CommandRun.of(
            OneSession.of(spark), "train", "--resume", scratch.resolve("none").toString()),
        ExitCode.CONFIGURATION,
        "holds no config.conf");
    assertThat(scratch.resolve("none")).doesNotExist();
    assertSentence(
        folder.train(spark, "refused", "run.resume=true"),
        ExitCode.CONFIGURATION,
        "holds no run to continue");
    assertThat(folder.run("refused")).doesNotExist();
  }
}

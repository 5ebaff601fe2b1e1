package dev.mona.dataframe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.convert.ConvertOptions;
import dev.mona.data.ConvertedSet;
import dev.mona.data.Encoding;
import dev.mona.data.Manifest;
import dev.mona.data.NpyWriter;
import dev.mona.data.NumpySet;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.data.SplitOptions;
import dev.mona.data.Standardisation;
import dev.mona.data.TargetDataSet;
import dev.mona.data.TargetSplits;
import dev.mona.example.Columns;
import dev.mona.example.LocalSpark;
import dev.mona.numpy.NumpyOptions;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DataFrames of several files, against the same samples by way of NumPy arrays. */
class FrameConverterIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");
  private static final Origin ORIGIN = new Origin("numbers", "a test", "CC0");

  /** As {@link NumpySet#small}: value = 10 * sample + k, three classes. */
  private static final String FEATURES =
      "transform(sequence(0, 5), k -> cast(10 * n + k as double))";

  private static final String LABEL = "element_at(array(0, 1, 2, 0, 1, 2, 2, 1, 0), int(n) + 1)";
  private static final String SPLIT = "if(n < 6, 'train', 'test')";

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  /** Nine rows in three files of three, in the order of n. */
  private Path input(String... columns) {
    Dataset<Row> rows = SPARK.range(0, 9, 1, 3).toDF("n").selectExpr(columns);
    Path path = directory.resolve("frame");
    rows.write().mode("overwrite").parquet(path.toString());
    return path;
  }

  private FrameOptions options(Path input) {
    return new FrameOptions(
        input.toString(), Optional.of(SampleShape.series(2, 3)), false, 0.25, 3);
  }

  private Manifest convert(String output, FrameOptions options, boolean standardise, int most) {
    ConvertOptions target =
        new ConvertOptions(directory.resolve(output).toString(), standardise, most);
    return new FrameConverter(SPARK, ORIGIN, options, target).convert("small");
  }

  private List<SampleBlock> samples(String output) {
    TargetSplits splits =
        TargetDataSet.open(SPARK, directory.resolve(output).toString())
            .split(new SplitOptions(1, 0, 0, 0));
    return splits.train(1).union(splits.test(1)).collect();
  }

  private Manifest arrays(NumpySet set, boolean standardise) {
    Path in = set.write(directory.resolve("in"));
    return ConvertedSet.convert(
        new Configuration(),
        new NumpyOptions(in.toString(), new Encoding.Plain()),
        directory.resolve("arrays").toString(),
        standardise);
  }

  @ParameterizedTest
  @ValueSource(strings = {"double", "bigint", "decimal(9,2)"})
  void samplesAreThoseOfArrays(String type) {
    Manifest arrays = arrays(NumpySet.small(false), false);
    Path input =
        input(
            "cast(" + FEATURES + " as array<" + type + ">) features",
            LABEL + " as label",
            SPLIT + " as split");
    Manifest made = convert("made", options(input), false, 0);
    assertThat(samples("made")).isEqualTo(samples("arrays"));
    assertThat(made.shape()).isEqualTo(arrays.shape());
    assertThat(made.prediction()).isEqualTo(arrays.prediction());
    assertThat(directory.resolve("made/train.parquet")).isRegularFile();
    assertThat(directory.resolve("made").toFile().list())
        .containsExactlyInAnyOrder("manifest.json", "train.parquet", "test.parquet");
  }

  /** As they lie in files, which needs no class of Spark ML. */
  @Test
  void vectorsOfSparkMlAreRead() {
    arrays(NumpySet.small(false), false);
    String dense = "cast(null as array<int>) as indices, " + FEATURES + " as values";
    String sparse = "transform(sequence(0, 5), k -> int(k)) as indices, " + FEATURES + " as values";
    Dataset<Row> rows =
        SPARK
            .range(0, 9, 1, 3)
            .toDF("n")
            .selectExpr(
                "if(n % 2 = 0, struct(tinyint(1) as type, cast(null as int) as size, "
                    + dense
                    + "), struct(tinyint(0) as type, 6 as size, "
                    + sparse
                    + ")) as features",
                LABEL + " as label",
                SPLIT + " as split");
    Path input = directory.resolve("vectors");
    rows.write().parquet(input.toString());
    convert("made", options(input), false, 0);
    assertThat(samples("made")).isEqualTo(samples("arrays"));
  }

  @Test
  void standardisesAsArraysAre() {
    Standardisation expected =
        Objects.requireNonNull(arrays(NumpySet.small(false), true).features().standardisation());
    Path input = input(FEATURES + " as features", LABEL + " as label", SPLIT + " as split");
    Standardisation found =
        Objects.requireNonNull(
            convert("made", options(input), true, 2).features().standardisation());
    for (int c = 0; c < 2; c++) {
      assertThat(found.mean().get(c)).isCloseTo(expected.mean().get(c), within(1e-12));
      assertThat(found.sd().get(c)).isCloseTo(expected.sd().get(c), within(1e-12));
    }
  }

  @Test
  void fieldsHaveTheScaleOfArrays() {
    NumpySet set =
        NumpySet.small(false)
            .field("task", "\"dense\"")
            .without("classes")
            .array(
                "y_train",
                NpyWriter.npy("<f4", false, new int[] {6, 1, 3}, NumpySet.values(0, 6, 3)))
            .array(
                "y_test",
                NpyWriter.npy("<f4", false, new int[] {3, 1, 3}, NumpySet.values(6, 3, 3)));
    Manifest arrays = arrays(set, false);
    Path input =
        input(
            FEATURES + " as features",
            "transform(sequence(0, 2), k -> cast(10 * n + k as float)) as labels",
            SPLIT + " as split");
    FrameOptions dense =
        new FrameOptions(input.toString(), Optional.of(SampleShape.series(2, 3)), true, 0.2, 0);
    Manifest made = convert("made", dense, false, 2);
    assertThat(made.kind()).isEqualTo(TaskKind.DENSE);
    assertThat(made.prediction()).isEqualTo(arrays.prediction());
    assertThat(samples("made")).isEqualTo(samples("arrays"));
  }

  /** However the files are cut into partitions; the pages, not their footers, decide the sums. */
  @Test
  void theSameFilesGiveTheSameBytes() {
    Path input = input(FEATURES + " as features", LABEL + " as label");
    List<List<SplitFile>> made = new ArrayList<>();
    for (String size : List.of("134217728", "700")) {
      SPARK.conf().set("spark.sql.files.maxPartitionBytes", size);
      SPARK.conf().set("spark.sql.files.openCostInBytes", "1");
      Manifest manifest = convert("made" + size, options(input), true, 2);
      made.add(
          manifest.splits().values().stream().flatMap(split -> split.files().stream()).toList());
      assertThat(Files.exists(directory.resolve("made" + size + "/train/part-00000.parquet")))
          .isTrue();
    }
    SPARK.conf().unset("spark.sql.files.maxPartitionBytes");
    SPARK.conf().unset("spark.sql.files.openCostInBytes");
    assertThat(made.get(1)).isEqualTo(made.get(0));
    // each command may be repeated
    assertThat(convert("made700", options(input), true, 2).splits()).isNotEmpty();
  }

  /** Rows are numbered by file, then by row: n is the id. A quarter of each class of 3 is 1. */
  @Test
  void withoutAColumnAPartOfEachClassIsTest() {
    Path input = input(FEATURES + " as features", LABEL + " as label");
    Manifest made = convert("made", options(input), false, 0);
    assertThat(made.split(Split.TEST).orElseThrow().samples()).isEqualTo(3);
    List<SampleBlock> samples = samples("made");
    float[] classes = samples.get(1).labels().clone();
    Arrays.sort(classes);
    assertThat(classes).containsExactly(0, 1, 2);
    long[] ids = samples.stream().flatMapToLong(b -> Arrays.stream(b.ids())).sorted().toArray();
    assertThat(ids).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    for (SampleBlock block : samples) {
      for (int i = 0; i < block.size(); i++) {
        assertThat(block.features()[6 * i]).isEqualTo((float) (10 * block.ids()[i]));
      }
    }
    FrameOptions another = new FrameOptions(input.toString(), Optional.empty(), false, 0.25, 4);
    convert("other", another, false, 0);
    assertThat(samples("other").get(1).ids()).isNotEqualTo(samples.get(1).ids());
  }

  @Test
  void idsOfAColumnAreKept() {
    Path input =
        input(
            "7 - 2 * n as id", FEATURES + " as features", LABEL + " as label", SPLIT + " as split");
    convert("made", options(input), false, 2);
    long[] ids =
        samples("made").stream().flatMapToLong(b -> Arrays.stream(b.ids())).sorted().toArray();
    assertThat(ids)
        .containsExactly(IntStream.range(0, 9).map(i -> -9 + 2 * i).asLongStream().toArray());
  }

  @Test
  void labelsThatAreArraysOf0And1AreSeveral() {
    Path input =
        input(FEATURES + " as features", "array(n % 2, 1 - n % 2) as labels", SPLIT + " as split");
    Manifest made = convert("made", options(input), false, 0);
    assertThat(made.kind()).isEqualTo(TaskKind.MULTI_LABEL);
    assertThat(made.outputs()).isEqualTo(2);
    assertThat(samples("made").get(1).labels()).containsExactly(0, 1, 1, 0, 0, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FEATURES x, LABEL label | has no column features: it needs one, an array of numbers",
        "FEATURES features, LABEL y | has no column label: it needs one, a number or an array",
        "'12' features, LABEL label | has the column features of type string: it must be an array",
        "FEATURES features, 'a' label | has the column label of type string: it must be a number",
        "'a' id, FEATURES features, LABEL label | has the column id of type string: it must be a whole",
        "FEATURES features, LABEL label, 1 split | has the column split of type int: it must be a text",
        "if(n > 4, null, FEATURES) features, LABEL label | row 5 of FRAME has no features, where",
        "if(n > 4, null, FEATURES) features, if(n > 2, null, 1) label | row 3 of FRAME has no label",
        "if(n = 7, array(1D, 2D), FEATURES) features, LABEL label | row 7 of FRAME has 2 features and --shape 6",
        "if(n = 5, transform(FEATURES, x -> x / 0), FEATURES) features, LABEL label | row 5 of FRAME has no finite number at position 0 of its features",
        "if(n = 8, transform(FEATURES, x -> if(x = 83, double('NaN'), x)), FEATURES) features, LABEL label | row 8 of FRAME has no finite number at position 3",
        "FEATURES features, LABEL - 1 label | row 0 of FRAME has the value -1.0 at position 0 of its label",
        "FEATURES features, if(n = 4, 0.5D, 1D) label | row 4 of FRAME has the value 0.5 at position 0",
        "FEATURES features, if(n = 6, null, LABEL) label | row 6 of FRAME has no label",
        "FEATURES features, 0 label | has one class, which is nothing to learn",
        "FEATURES features, if(n = 3, array(2), array(1)) label | row 3 of FRAME has the value 2.0 at",
        "FEATURES features, if(n = 3, array(1, 1), array(1)) label | row 3 of FRAME has 2 labels and the first row 1",
        "if(n = 2, null, n) id, FEATURES features, LABEL label | row 2 of FRAME has no id",
        "if(n > 2, 5, n) id, FEATURES features, LABEL label | the sample id 5 occurs twice in FRAME",
        "FEATURES features, LABEL label, if(n = 1, 'dev', 'test') split | row 1 of FRAME has the split 'dev', where",
        "FEATURES features, LABEL label, 'train' split | has no row of the split test"
      })
  void refusesTheFirstRowThatIsWrong(String columns, String problem) {
    Path input =
        input(Columns.split(columns.replace("FEATURES", FEATURES).replace("LABEL", LABEL)));
    String sentence = problem.replace("FRAME", input.toString());
    assertThatThrownBy(() -> convert("made", options(input), false, 0))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("\n");
    assertThat(directory.resolve("made")).doesNotExist();
  }

  @Test
  void refusesWhatCannotBeAsked() throws IOException {
    Path input = input(FEATURES + " as features", LABEL + " as label");
    FrameOptions dense = new FrameOptions(input.toString(), Optional.empty(), true, 0.2, 0);
    assertThatThrownBy(() -> convert("made", dense, false, 0))
        .hasMessageContaining("--dense is for labels that are fields");
    FrameOptions none = new FrameOptions(input.toString(), Optional.empty(), false, 0.01, 0);
    assertThatThrownBy(() -> convert("made", none, false, 0))
        .hasMessageContaining("--test-fraction is 0.01 and takes no sample of");
    assertThatThrownBy(() -> FrameOptions.shape("3 x 4"))
        .hasMessageContaining("must be like 3x1000");
    assertThat(FrameOptions.shape("3x32x16")).isEqualTo(new SampleShape(3, 32, 16));
    assertThat(FrameOptions.shape("3x32")).isEqualTo(SampleShape.series(3, 32));
    Path text = Files.writeString(directory.resolve("text"), "no Parquet");
    FrameOptions wrong = new FrameOptions(text.toString(), Optional.empty(), false, 0.2, 0);
    assertThatThrownBy(() -> convert("made", wrong, false, 0))
        .hasMessageContaining("cannot be read as Parquet");
  }
}

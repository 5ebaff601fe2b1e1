package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.convert.ConverterTest;
import dev.mona.example.Columns;
import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything about a data set that is refused before training. */
class TargetDataSetRefusalIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");

  private final Path directory;
  private final ConvertedSet set;

  TargetDataSetRefusalIT(@TempDir Path directory) {
    this.directory = directory;
    set = new ConvertedSet(SPARK, directory);
  }

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  @Test
  void refusesMissingFiles() throws IOException {
    refusesToOpen("out/manifest.json does not exist: give the directory that mona convert made");
    set.convert(NumpySet.small(false), false);
    Files.delete(directory.resolve("out/test.parquet"));
    refusesToOpen("out/test.parquet does not exist and the manifest names it");
  }

  @Test
  void refusesTruncatedAndChangedFiles() throws IOException {
    set.convert(NumpySet.small(false), false);
    Path file = directory.resolve("out/train.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    refusesToOpen("bytes and the manifest says " + bytes.length + ": it is truncated");
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    refusesToOpen("train.parquet has SHA-256 ");
  }

  @Test
  void refusesWhatIsNoParquetFile() throws IOException {
    set.convert(NumpySet.small(false), false);
    Files.write(directory.resolve("out/train.parquet"), new byte[1000]);
    set.describe(6);
    refusesToOpen("train.parquet cannot be read as Parquet");
  }

  @Test
  void refusesADamagedPageThatTheManifestsChecksumCovers() throws IOException {
    set.convert(NumpySet.small(false), false);
    Path file = directory.resolve("out/train.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, 60, (byte) 0xFF);
    Files.write(file, bytes);
    set.describe(6);
    refusesToOpen("train.parquet cannot be read to its end");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id, array(1f,2f,3f,4f,5f) features, label | 5 features in sample 0, the manifest says 2 x 3 = 6",
        "id, cast(features as array<double>) features, label | column features of type array<double>: it must be array<float>",
        "id, features, cast(label as bigint) label | column label of type bigint: it must be int",
        "cast(id as string) id, features, label | column id of type string: it must be bigint",
        "id, features, label as y | has no column label: it needs one of type int",
        "id, features, label + 1 as label | has the label 3 for sample 2, 3 classes have labels 0 to 2",
        "id, features, label - 1 as label | has the label -1 for sample 0",
        "id, features, if(id = 4, null, label) as label | has no label for sample 4",
        "id, if(id = 3, null, features) as features, label | has no features in sample 3",
        "id, if(id = 5, array(1f,2f,cast('NaN' as float),4f,5f,6f), features) features, label | has the value NaN in sample 5, channel 0, position 2",
        "id, if(id < 5, features, array(1f,2f,3f,4f,cast('-Infinity' as float),6f)) features, label | has the value -Infinity in sample 5, channel 1, position 1",
        "id, if(id = 1, array(1f,null,3f,4f,5f,6f), features) features, label | has no value in sample 1, channel 0, position 1",
        "if(id = 2, null, id) id, features, label | has a sample without an id",
        "if(id = 2, 3, id) id, features, label | the sample id 3 occurs twice",
        "if(id = 2, 7, id) id, features, label | the sample id 7 occurs twice",
        "id, features, 0 as label | train has no sample of class 1, 2 of 3"
      })
  void refusesWrongRows(String columns, String problem) {
    set.convert(NumpySet.small(false), false);
    set.replaceTrain(set.trainRows().selectExpr(Columns.split(columns)), 6);
    refusesToOpen(problem);
  }

  @Test
  void refusesAnotherNumberOfRowsThanTheManifests() {
    set.convert(NumpySet.small(false), false);
    set.replaceTrain(set.trainRows(), 7);
    refusesToOpen("train.parquet has 6 samples and the manifest says 7");
  }

  @Test
  void refusesAnotherShapeThanTheManifests() throws IOException {
    set.convert(NumpySet.small(false), false);
    Path manifest = directory.resolve("out/manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"length\" : 3", "\"length\" : 4"));
    refusesToOpen("6 features in sample 0, the manifest says 2 x 4 = 8");
  }

  @Test
  void refusesWrongMultiLabelRows() {
    set.convert(ConverterTest.multiLabel(0), false);
    Dataset<Row> rows = set.trainRows();
    set.replaceTrain(rows.selectExpr("id", "features", "array(1f) labels"), 6);
    refusesToOpen("has 1 labels for sample 0, the manifest says 2");
    set.replaceTrain(rows.selectExpr("id", "features", "array(1f, 0.5f) labels"), 6);
    refusesToOpen("has the value 0.5 for label 1 of sample 0, labels are 0 or 1");
    set.replaceTrain(rows.selectExpr("id", "features", "array(1f, 0f) labels"), 6);
    refusesToOpen("train has no sample of label 1 of 2");
  }

  @Test
  void refusesWrongFields() {
    int[] grid = {2, 3};
    set.convert(DenseSet.of(1, grid, grid), false);
    Dataset<Row> rows = set.trainRows();
    set.replaceTrain(rows.selectExpr("id", "features", "array(1f) labels"), 4);
    refusesToOpen("has 1 labels for sample 0, the manifest says 6");
    set.replaceTrain(
        rows.selectExpr(
            "id", "features", "array(1f, -1f, 2f, cast('NaN' as float), 3f, 4f) labels"),
        4);
    refusesToOpen("has the value NaN for label 3 of sample 0, labels are numbers");
  }

  private void refusesToOpen(String problem) {
    assertThatThrownBy(() -> set.open())
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }
}

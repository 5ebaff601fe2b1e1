package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.convert.ConvertOptions;
import dev.mona.example.LocalSpark;
import dev.mona.numpy.NumpyOptions;
import dev.mona.task.SampleBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Splits that are folders of files: the same samples as in one file, each file with its checksum.
 */
class SplitFolderIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  /** Train has three files, of 2, 2 and 2 samples; test has one of 3 in the other set. */
  @BeforeEach
  void convert() {
    NumpySet.small(false).write(directory.resolve("in"));
    convert("one", 6);
    Manifest manifest = convert("many", 2);
    assertThat(manifest.split(Split.TRAIN).orElseThrow().files())
        .extracting(SplitFile::file, SplitFile::samples)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("part-00000.parquet", 2),
            org.assertj.core.groups.Tuple.tuple("part-00001.parquet", 2),
            org.assertj.core.groups.Tuple.tuple("part-00002.parquet", 2));
    assertThat(manifest.split(Split.TEST).orElseThrow().files())
        .extracting(SplitFile::samples)
        .containsExactly(2, 1);
  }

  private Manifest convert(String output, int fileSamples) {
    return ConvertedSet.convert(
        new Configuration(),
        new NumpyOptions(directory.resolve("in").toString(), new Encoding.Plain()),
        new ConvertOptions(directory.resolve(output).toString(), true, fileSamples));
  }

  private TargetDataSet open(String name) {
    return TargetDataSet.open(SPARK, directory.resolve(name).toString());
  }

  @Test
  void samplesAndBlocksAreThoseOfOneFile() {
    assertThat(directory.resolve("one/train.parquet")).isRegularFile();
    for (int partitions : new int[] {1, 2, 3}) {
      List<SampleBlock> one = blocks("one", partitions);
      assertThat(blocks("many", partitions)).isEqualTo(one).isNotEmpty();
    }
  }

  private List<SampleBlock> blocks(String name, int partitions) {
    TargetSplits splits = open(name).split(new SplitOptions(2, 0.4, 0, 2));
    return splits
        .train(partitions)
        .union(splits.validation(partitions))
        .union(splits.test(partitions))
        .collect();
  }

  @Test
  void aFileThatTheManifestDoesNotNameIsNotRead() throws IOException {
    Files.copy(
        directory.resolve("many/test/part-00000.parquet"),
        directory.resolve("many/train/x.parquet"));
    assertThat(open("many").split(new SplitOptions(2, 0, 0, 0)).trainSize()).isEqualTo(6);
  }

  @Test
  void everyFileIsCheckedWhereItIsRead() throws IOException {
    Path part = directory.resolve("many/train/part-00001.parquet");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);
    refuses("many/train/part-00001.parquet has SHA-256 ");
    Files.write(part, new byte[7]);
    refuses("many/train/part-00001.parquet has 7 bytes and the manifest says " + bytes.length);
    Files.writeString(part, "version https://git-lfs.github.com/spec/v1\n");
    refuses("many/train/part-00001.parquet is a pointer of Git LFS");
    Files.delete(part);
    refuses("many/train/part-00001.parquet does not exist and the manifest names it");
    Files.delete(directory.resolve("many/train/part-00000.parquet"));
    refuses("many/train/part-00000.parquet does not exist and the manifest names it");
  }

  private void refuses(String problem) {
    assertThatThrownBy(() -> open("many"))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }

  /** A scheduler may repeat the command; another size of files makes another set. */
  @Test
  void theSameConversionMayBeRepeated() {
    assertThat(convert("many", 2).split(Split.TRAIN)).isPresent();
    assertThatThrownBy(() -> convert("many", 3))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("exists and is not this data set");
  }
}

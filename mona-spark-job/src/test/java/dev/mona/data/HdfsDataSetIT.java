package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.example.LocalSpark;
import dev.mona.example.OnHdfs;
import dev.mona.numpy.NumpyOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set whose NumPy files, Parquet files and manifest all lie in HDFS. */
@OnHdfs
class HdfsDataSetIT {

  @Test
  void convertsAndReadsInHdfs(MiniDFSCluster cluster, @TempDir Path directory) throws IOException {
    Configuration hadoop = new Configuration();
    Path local = NumpySet.small(true).write(directory.resolve("in"));
    FileSystem hdfs = cluster.getFileSystem();
    hdfs.copyFromLocalFile(path(local.toString()), path("/in"));
    String root = cluster.getURI().toString();
    NumpyOptions options = new NumpyOptions(root + "/in", new Encoding.Plain());
    Manifest manifest = ConvertedSet.convert(hadoop, options, root + "/sets/small", false);
    assertThat(Arrays.stream(hdfs.listStatus(path("/sets"))).map(FileStatus::getPath))
        .extracting(org.apache.hadoop.fs.Path::getName)
        .containsExactly("small");
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      TargetDataSet data = TargetDataSet.open(spark, root + "/sets/small");
      assertThat(data.manifest()).isEqualTo(manifest);
      TargetSplits splits = data.split(new SplitOptions(1, 0, 0, 0));
      assertThat(splits.train(2).collect()).extracting(block -> block.size()).containsExactly(3, 3);
      assertThat(splits.test(1).collect().get(0).labels()).containsExactly(2, 1, 0);
    }
    hdfs.delete(path("/in/data.npz"), false);
    assertThatThrownBy(() -> ConvertedSet.convert(hadoop, options, root + "/sets/other", false))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("data.npz does not exist");
    assertThat(hdfs.listStatus(path("/sets"))).hasSize(1);
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}

package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.LocalSpark;
import dev.mona.example.OnHdfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task file, data, encoder, texts and run all in HDFS. */
@OnHdfs
class HdfsTrainIT {

  @Test
  void aRunInHdfsLeavesTheBytesOfALocalOne(MiniDFSCluster cluster, @TempDir Path root)
      throws IOException {
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      Path expected = folder.trained(spark, "run");
      FileSystem hdfs = cluster.getFileSystem();
      String address = cluster.getURI() + "/job";
      for (Path part : List.of(folder.data(), folder.encoder(), folder.texts())) {
        hdfs.copyFromLocalFile(path(part.toString()), path("/job/" + part.getFileName()));
      }
      Path task = Files.writeString(root.resolve("hdfs.conf"), JobFolder.task(address));
      hdfs.copyFromLocalFile(path(task.toString()), path("/job/task.conf"));

      CommandRun run =
          CommandRun.of(
              OneSession.of(spark),
              "train",
              "--config",
              address + "/task.conf",
              "--output",
              address + "/runs",
              "--set",
              "run.id=run");
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains("run " + address + "/runs/run ended: COMPLETED\n");
      assertThat(files(hdfs, "/job/runs/run")).isEqualTo(files(expected));
      Path fetched = root.resolve("fetched");
      hdfs.copyToLocalFile(path("/job/runs/run"), path(fetched.toString()));
      JobFolder.assertSameModels(fetched, expected, "hdfs");

      String directory = address + "/runs/run";
      CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", directory);
      assertThat(evaluated.err()).isEmpty();
      assertThat(evaluated.out())
          .isEqualTo(CommandRun.of(OneSession.of(spark), "evaluate", expected.toString()).out());
      assertThat(CommandRun.of(OneSession.of(spark), "inspect", directory).out())
          .contains("\ncompleted at ");
    }
  }

  /** Paths of the files below a directory, relative to it. */
  private static Set<String> files(FileSystem hdfs, String directory) throws IOException {
    Set<String> names = new TreeSet<>();
    RemoteIterator<LocatedFileStatus> all = hdfs.listFiles(path(directory), true);
    while (all.hasNext()) {
      names.add(all.next().getPath().toUri().getPath().substring(directory.length() + 1));
    }
    return names;
  }

  private static Set<String> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}

package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.checkpoint.Position;
import dev.mona.checkpoint.Selection;
import dev.mona.example.OnHdfs;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;

/** On HDFS a rename does not replace, unlike on a local disk. */
@OnHdfs
class HdfsRunDirectoryIT {

  @Test
  void filesAreReplacedAndCheckpointsRetained(MiniDFSCluster cluster)
      throws IOException, JMException {
    Configuration configuration = new HdfsConfiguration();
    String address = cluster.getFileSystem().getUri() + "/runs/one";
    try (RunDirectory run = RunDirectory.open(address, configuration)) {
      assertThat(run.location()).startsWith("hdfs://");
      run.writeText("provenance.json", "first");
      run.writeText("provenance.json", "second");
      run.lock(Lease.USUAL);
      try (RunDirectory second = RunDirectory.open(run.location(), configuration)) {
        assertThatThrownBy(() -> second.lock(new Lease(Duration.ofSeconds(60), Duration.ZERO)))
            .isInstanceOf(MonaException.class)
            .hasMessageContaining("is being written by " + run.attempt().text());
      }
      long clients = instances("org.apache.hadoop.hdfs.DFSClient");
      for (int i = 0; i < 20; i++) {
        run.writeText("provenance.json", "second");
      }
      assertThat(instances("org.apache.hadoop.hdfs.DFSClient"))
          .as("no overwrite makes a client of its own")
          .isPositive()
          .isLessThanOrEqualTo(clients);
      String text =
          run.read(
              "provenance.json",
              (in, length) -> new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
      assertThat(text).isEqualTo("second");

      CheckpointStore store = new CheckpointStore(run, "abc", 1);
      for (int epochs = 1; epochs <= 2; epochs++) {
        store.save(checkpoint(epochs));
      }
      store.save(checkpoint(2));
      assertThat(run.list("checkpoints")).containsExactly("warmup-0002-000000");
      assertThat(store.latest()).contains(checkpoint(2));
      run.markSuccess();
      assertThat(run.isComplete()).isTrue();
      RemoteIterator<LocatedFileStatus> written =
          cluster.getFileSystem().listFiles(new org.apache.hadoop.fs.Path("/runs"), true);
      while (written.hasNext()) {
        assertThat(written.next().getPermission()).hasToString("rw-r-----");
      }
      for (String folder : List.of("/runs", "/runs/one", "/runs/one/checkpoints")) {
        assertThat(
                cluster
                    .getFileSystem()
                    .getFileStatus(new org.apache.hadoop.fs.Path(folder))
                    .getPermission())
            .hasToString("rwxr-x---");
      }
    }
  }

  /** What a reader of event files relies on. */
  @Test
  void aGrowingFileIsSeenWhileItGrows(MiniDFSCluster cluster) throws IOException {
    String folder = cluster.getFileSystem().getUri() + "/growing/tensorboard";
    Configuration configuration = new HdfsConfiguration();
    try (GrowingFile file = GrowingFile.create(folder, "events", configuration)) {
      assertThat(file.isSeenWhileItGrows()).isTrue();
      for (String expected : List.of("a", "aa")) {
        file.append(new byte[] {'a'});
        try (InputStream in =
            cluster.getFileSystem().open(new org.apache.hadoop.fs.Path(folder, "events"))) {
          assertThat(in.readAllBytes()).asString().isEqualTo(expected);
        }
      }
      assertThat(GrowingFile.names(folder, configuration)).containsExactly("events");
      assertThatThrownBy(() -> GrowingFile.create(folder, "events", configuration))
          .isInstanceOf(IOException.class);
    }
    assertThat(GrowingFile.names(folder + "/none", configuration)).isEmpty();
  }

  /** Living objects of a class. */
  private static long instances(String type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > 3 && fields[3].equals(type))
        .mapToLong(fields -> Long.parseLong(fields[1]))
        .sum();
  }

  private static Checkpoint checkpoint(int epochs) {
    TrainingState state = new TrainingState(new float[] {epochs, -0f}, new float[3], epochs);
    return new Checkpoint(
        new Position(Stage.WARMUP, epochs, EpochUnderWay.NONE),
        state,
        Selection.START,
        List.of(),
        1.5);
  }
}

package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.checkpoint.Position;
import dev.mona.checkpoint.Selection;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDFS is away for a while, or has no room. */
class HdfsOutageIT {

  /** The client's own patience, so short that it is ours that counts. */
  private static Configuration impatient(Path directory) {
    Configuration configuration = new HdfsConfiguration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
    configuration.setInt("ipc.client.connect.max.retries", 0);
    configuration.setInt("ipc.client.connect.retry.interval", 10);
    configuration.setInt("dfs.client.retry.max.attempts", 0);
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.retries", 1);
    return configuration;
  }

  @Test
  void aCheckpointIsWrittenWhenTheNameNodeIsBack(@TempDir Path directory) throws Exception {
    Configuration configuration = impatient(directory);
    try (MiniDFSCluster cluster =
            new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        RunDirectory run =
            RunDirectory.open(cluster.getFileSystem().getUri() + "/runs/one", configuration)) {
      cluster.waitActive();
      run.lock(Lease.USUAL);
      run.keepTrying(Duration.ofMinutes(2));
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      store.save(checkpoint(1));

      cluster.shutdownNameNode(0);
      CompletableFuture<Void> saved = CompletableFuture.runAsync(() -> store.save(checkpoint(2)));
      // it has tried at least once by now
      Thread.sleep(300);
      assertThat(saved).isNotDone();
      cluster.restartNameNode(0);
      saved.get(1, TimeUnit.MINUTES);
      assertThat(store.latest()).contains(checkpoint(2));

      aFileThatTheNameNodeLeavesHalfWayIsWrittenAnew(cluster, run);
      aQuotaEndsAtOnceAndLeavesNoPartialFile(cluster, run);
    }
  }

  private static void aFileThatTheNameNodeLeavesHalfWayIsWrittenAnew(
      MiniDFSCluster cluster, RunDirectory run) throws Exception {
    byte[] block = new byte[1 << 16];
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch away = new CountDownLatch(1);
    CompletableFuture<FileDigest> written =
        CompletableFuture.supplyAsync(
            () ->
                run.write(
                    "finetuned/model.safetensors",
                    out -> {
                      out.write(block);
                      half.countDown();
                      await(away);
                      out.write(block);
                    }));
    half.await();
    cluster.shutdownNameNode(0);
    away.countDown();
    cluster.restartNameNode(0);
    FileDigest digest = written.get(1, TimeUnit.MINUTES);
    assertThat(digest.bytes()).isEqualTo(2L << 16);
    assertThat(run.digest("finetuned/model.safetensors")).isEqualTo(digest);
    assertThat(names(cluster, "/runs/one/finetuned")).containsExactly("model.safetensors");
  }

  private static void aQuotaEndsAtOnceAndLeavesNoPartialFile(
      MiniDFSCluster cluster, RunDirectory run) throws IOException {
    org.apache.hadoop.fs.Path metrics = new org.apache.hadoop.fs.Path("/runs/one/metrics");
    cluster.getFileSystem().mkdirs(metrics, FsPermission.getDirDefault());
    cluster.getFileSystem().setQuota(metrics, HdfsConstants.QUOTA_DONT_SET, 1);
    long began = System.nanoTime();
    assertThatThrownBy(() -> run.writeText("metrics/rounds.jsonl", "{}"))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.STORAGE))
        .hasMessageContaining("quota");
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(30));
    assertThat(names(cluster, "/runs/one/metrics")).isEmpty();
  }

  private static List<String> names(MiniDFSCluster cluster, String directory) throws IOException {
    return List.of(cluster.getFileSystem().listStatus(new org.apache.hadoop.fs.Path(directory)))
        .stream()
        .map(file -> file.getPath().getName())
        .toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Checkpoint checkpoint(int epochs) {
    TrainingState state = new TrainingState(new float[] {epochs, -0f}, new float[3], epochs);
    return new Checkpoint(
        new Position(Stage.WARMUP, epochs, EpochUnderWay.NONE),
        state,
        Selection.START,
        List.of(),
        0);
  }
}

package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.scaladsl.Http;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import dev.mona.MonaException;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.checkpoint.Position;
import dev.mona.checkpoint.Selection;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import io.findify.s3mock.S3Mock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Through S3A and a server of S3's protocol: no directories, no rename, whole objects only. */
class S3RunDirectoryIT {
  private static final String BUCKET = "bucket";
  private static final Lease IMPATIENT = new Lease(Duration.ofSeconds(60), Duration.ZERO);

  private static S3Mock server;
  private static Configuration hadoop;
  private static AmazonS3 client;

  @BeforeAll
  static void start() {
    server = new S3Mock.Builder().withPort(0).withInMemoryBackend().build();
    Http.ServerBinding binding = server.start();
    String endpoint = "http://localhost:" + binding.localAddress().getPort();
    hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", endpoint);
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", "test");
    hadoop.set("fs.s3a.secret.key", "test");
    hadoop.set(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    client =
        AmazonS3ClientBuilder.standard()
            .withPathStyleAccessEnabled(true)
            .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
            .withCredentials(
                new AWSStaticCredentialsProvider(new BasicAWSCredentials("test", "test")))
            .build();
    client.createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    server.shutdown();
  }

  private static RunDirectory open(String run) {
    return RunDirectory.open("s3a://" + BUCKET + "/runs/" + run, hadoop);
  }

  private static List<String> objects(String run) {
    return client.listObjects(BUCKET, "runs/" + run + "/").getObjectSummaries().stream()
        .map(S3ObjectSummary::getKey)
        .map(key -> key.substring(("runs/" + run + "/").length()))
        .filter(key -> !key.endsWith("/") && !key.isEmpty())
        .toList();
  }

  @Test
  void aWriterThatFailsLeavesTheOlderObject() {
    try (RunDirectory run = open("overwrite")) {
      run.writeText("metrics/summary.json", "older");
      assertThatThrownBy(
              () ->
                  run.write(
                      "metrics/summary.json",
                      out -> {
                        out.write(new byte[1 << 20]);
                        throw new IOException("killed");
                      }))
          .isInstanceOf(MonaException.class);
      assertThat(text(run)).isEqualTo("older");
      run.writeText("metrics/summary.json", "newer");
      assertThat(text(run)).isEqualTo("newer");
      assertThat(objects("overwrite")).containsExactly("metrics/summary.json");
    }
  }

  @Test
  void aGrowingFileIsThereWhenItIsClosed() throws IOException {
    String folder = "s3a://" + BUCKET + "/runs/growing/tensorboard";
    try (GrowingFile file = GrowingFile.create(folder, "events", hadoop)) {
      assertThat(file.isSeenWhileItGrows()).isFalse();
      file.append(new byte[] {'a'});
      assertThat(objects("growing")).isEmpty();
      file.append(new byte[] {'b'});
    }
    assertThat(objects("growing")).containsExactly("tensorboard/events");
    assertThat(client.getObjectAsString(BUCKET, "runs/growing/tensorboard/events")).isEqualTo("ab");
  }

  private static String text(RunDirectory run) {
    return run.read(
        "metrics/summary.json",
        (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void oneAttemptAtATime() {
    try (RunDirectory first = open("locked");
        RunDirectory second = open("locked")) {
      first.lock(IMPATIENT);
      first.writeText("a.txt", "1");
      assertThatThrownBy(() -> second.lock(IMPATIENT))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("is being written by " + first.attempt().text());
      // what one that took over leaves: the first finds its claim gone
      client.deleteObject(BUCKET, "runs/locked/.lock-" + first.attempt().id());
      second.lock(IMPATIENT);
      assertThatThrownBy(() -> first.writeText("a.txt", "2")).hasMessageContaining("was lost");
      second.writeText("a.txt", "3");
    }
    assertThat(objects("locked")).containsExactly("a.txt");
  }

  /** As a driver leaves them that dies after each of the objects. */
  @Test
  void theManifestMakesTheCheckpoint() {
    try (RunDirectory run = open("checkpoints")) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      store.save(checkpoint(1));
      assertThat(objects("checkpoints"))
          .containsExactly(
              "checkpoints/warmup-0001-000000/manifest.json",
              "checkpoints/warmup-0001-000000/state.safetensors");
      run.writeText("checkpoints/warmup-0002-000000/state.safetensors", "half");
      assertThat(store.latest()).contains(checkpoint(1));
      client.copyObject(
          BUCKET,
          "runs/checkpoints/checkpoints/warmup-0001-000000/manifest.json",
          BUCKET,
          "runs/checkpoints/checkpoints/warmup-0002-000000/manifest.json");
      assertThat(store.latest()).contains(checkpoint(1));
      for (int epochs = 2; epochs <= 3; epochs++) {
        store.save(checkpoint(epochs));
      }
      assertThat(store.latest()).contains(checkpoint(3));
      assertThat(run.list("checkpoints"))
          .containsExactly("warmup-0002-000000", "warmup-0003-000000");
      SealedFolder.write(run, "finetuned", java.util.Map.of("model", out -> out.write(7)));
      SealedFolder.verify(run, "finetuned", "model");
      client.putObject(BUCKET, "runs/checkpoints/finetuned/model", "8");
      assertThatThrownBy(() -> SealedFolder.verify(run, "finetuned", "model"))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("finetuned/model is not the file that the run wrote");
    }
  }

  private static Checkpoint checkpoint(int epochs) {
    TrainingState state = new TrainingState(new float[] {epochs, -0f}, new float[3], epochs);
    return new Checkpoint(
        new Position(Stage.WARMUP, epochs, EpochUnderWay.NONE),
        state,
        Selection.START,
        List.of(),
        1);
  }
}

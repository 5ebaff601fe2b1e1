package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.example.PrometheusPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a run from outside: gauges, the UI's jobs, and the event log afterwards. */
class OperationsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 60;
  private static final String ID = "observed";

  private static final List<PrometheusPage> during = new ArrayList<>();
  private static Path run;
  private static Path events;
  private static String application;
  private static PrometheusPage before;
  private static PrometheusPage after;
  private static JsonNode jobs;

  @BeforeAll
  static void trainUnderObservation(@TempDir Path root) throws Exception {
    events = Files.createDirectories(root.resolve("events"));
    SparkConf conf =
        LocalSpark.observed("local[2]")
            .set("spark.eventLog.enabled", "true")
            .set("spark.eventLog.dir", events.toUri().toString());
    try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
      JobFolder folder = JobFolder.write(spark, root);
      application = spark.sparkContext().applicationId();
      String ui = spark.sparkContext().uiWebUrl().get();
      before = PrometheusPage.of(ui);
      CompletableFuture<Path> training =
          CompletableFuture.supplyAsync(() -> trained(folder, spark));
      while (!training.isDone()) {
        during.add(PrometheusPage.of(ui));
      }
      run = training.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      after = PrometheusPage.of(ui);
      jobs =
          JSON.readTree(PrometheusPage.get(ui + "/api/v1/applications/" + application + "/jobs"));
    }
  }

  private static Path trained(JobFolder folder, SparkSession spark) {
    return folder.trained(spark, ID);
  }

  private static List<JsonNode> rounds() throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics/rounds.jsonl"))) {
      rounds.add(JSON.readTree(line));
    }
    return rounds;
  }

  /** Warm-up and alignment have 1 epoch of 2 rounds, finetuning has 2. */
  @Test
  void theDriverShowsWhereTheRunIs() throws IOException {
    assertThat(before.gauges())
        .containsEntry("stage", 0.0)
        .containsEntry("round", 0.0)
        .containsEntry("loss", Double.NaN);
    List<String> seen =
        during.stream()
            .filter(page -> page.value("stage") > 0)
            .map(
                page ->
                    "stage %.0f epoch %.0f round %.0f/%.0f"
                        .formatted(
                            page.value("stage"),
                            page.value("epoch"),
                            page.value("round"),
                            page.value("rounds")))
            .distinct()
            .toList();
    assertThat(seen)
        .hasSizeGreaterThan(4)
        .isSubsetOf(
            "stage 1 epoch 1 round 0/2",
            "stage 1 epoch 1 round 1/2",
            "stage 1 epoch 1 round 2/2",
            "stage 2 epoch 1 round 0/2",
            "stage 2 epoch 1 round 1/2",
            "stage 2 epoch 1 round 2/2",
            "stage 3 epoch 1 round 0/4",
            "stage 3 epoch 1 round 1/4",
            "stage 3 epoch 1 round 2/4",
            "stage 3 epoch 2 round 3/4",
            "stage 3 epoch 2 round 4/4");
    assertThat(after.gauges()).containsEntry("stage", 0.0);
  }

  @Test
  void lossAndTimesAreThoseOfTheRounds() throws IOException {
    List<JsonNode> rounds = rounds();
    List<PrometheusPage> trained = during.stream().filter(page -> page.value("round") > 0).toList();
    assertThat(trained).isNotEmpty();
    for (PrometheusPage page : trained) {
      assertThat(IntStream.range(0, rounds.size()))
          .as("%s", page)
          .anySatisfy(
              r -> {
                // a page is read gauge by gauge: the next round may end in between
                Gauges one = Gauges.of(rounds.get(r));
                Gauges next = Gauges.of(rounds.get(Math.min(r + 1, rounds.size() - 1)));
                Gauges shown = Gauges.of(page);
                assertThat(shown.loss()).isIn(one.loss(), next.loss());
                assertThat(shown.seconds()).isIn(one.seconds(), next.seconds());
                assertThat(shown.averaging()).isIn(one.averaging(), next.averaging());
                assertThat(shown.rate()).isIn(one.rate(), next.rate());
              });
    }
    assertThat(trained.stream().map(Gauges::of))
        .containsAnyElementsOf(rounds.stream().map(Gauges::of).toList());
  }

  /** What is shown of a round. */
  private record Gauges(double loss, double seconds, double averaging, double rate) {
    static Gauges of(JsonNode round) {
      JsonNode metrics = round.path("metrics");
      double seconds = round.path("seconds").asDouble();
      return new Gauges(
          metrics.path("loss").asDouble(),
          seconds,
          metrics.path("averaging_seconds").asDouble(),
          round.path("examples").asDouble() / seconds);
    }

    static Gauges of(PrometheusPage page) {
      return new Gauges(
          page.value("loss"),
          page.value("round_seconds"),
          page.value("averaging_seconds"),
          page.value("samples_per_second"));
    }
  }

  /** In this one JVM the executor's own gauges and those that it reported stand side by side. */
  @Test
  void executorsShowWhatTheyDid() throws IOException {
    long examples = rounds().stream().mapToLong(round -> round.path("examples").asLong()).sum();
    assertThat(after.value("samples_trained") - before.value("samples_trained"))
        .isEqualTo((double) examples);
    assertThat(after.value("executor_driver_samples_trained"))
        .isEqualTo(after.value("samples_trained"));
    double seconds = rounds().stream().mapToDouble(round -> round.path("seconds").asDouble()).sum();
    assertThat(after.value("local_step_seconds") - before.value("local_step_seconds"))
        .isPositive()
        .isLessThan(2 * seconds);
    assertThat(during)
        .extracting(page -> page.value("warm_learners") - before.value("warm_learners"))
        .contains(2.0)
        .allSatisfy(open -> assertThat(open).isBetween(0.0, 2.0));
    assertThat(after.value("warm_learners")).isEqualTo(before.value("warm_learners"));
    assertThat(after.value("native_bytes")).isPositive();
    assertThat(after.value("device_used_bytes")).isEqualTo(after.value("native_bytes"));
    assertThat(after.value("device_total_bytes")).isNotNegative();
    assertThat(after.value("physical_bytes")).isGreaterThan(after.value("native_bytes"));
  }

  @Test
  void theJobsOfTheUiReadLikeALog() {
    List<String> descriptions = new ArrayList<>();
    for (JsonNode job : jobs) {
      if (job.path("jobGroup").asText().equals("mona-" + ID)) {
        descriptions.add(0, job.path("description").asText("-"));
      }
    }
    assertThat(descriptions)
        .containsSubsequence(
            "load training samples",
            "warmup start",
            "warmup round 1/2: average 2 workers",
            "warmup round 2/2: average 2 workers",
            "warmup epoch 1/1 validation",
            "alignment round 1/2: average 2 workers",
            "alignment round 2/2: average 2 workers",
            "finetuning round 3/4: average 2 workers",
            "finetuning round 4/4: average 2 workers",
            "finetuning epoch 2/2 validation",
            "score error-rate")
        .doesNotContain("-");
  }

  @Test
  void theHistoryServerTellsTheSameAfterwards(@TempDir Path home) throws Exception {
    int port = freePort();
    Process server =
        JavaProcess.start(
            home,
            List.of(
                "-Dspark.history.fs.logDirectory=" + events.toUri(),
                "-Dspark.history.ui.port=" + port,
                "-Dspark.history.fs.update.interval=1s"),
            HistoryServer.class.getName(),
            List.of());
    try {
      String api = "http://127.0.0.1:" + port + "/api/v1/applications";
      JsonNode listed = await(api, server, home);
      assertThat(listed.path(0).path("id").asText()).isEqualTo(application);
      assertThat(listed.path(0).path("attempts").path(0).path("completed").asBoolean()).isTrue();
      JsonNode told = JSON.readTree(PrometheusPage.get(api + "/" + application + "/jobs"));
      assertThat(descriptions(told)).isEqualTo(descriptions(jobs));
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static List<String> descriptions(JsonNode jobs) {
    List<String> all = new ArrayList<>();
    jobs.forEach(job -> all.add(job.path("jobId").asInt() + " " + job.path("description")));
    return all;
  }

  /** The applications, once there is one. */
  private static JsonNode await(String api, Process server, Path home) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      assertThat(server.isAlive()).as(() -> JavaProcess.log(home)).isTrue();
      try {
        JsonNode listed = JSON.readTree(PrometheusPage.get(api));
        if (!listed.isEmpty()) {
          return listed;
        }
      } catch (IOException e) {
        // not up yet
      }
      Thread.sleep(200);
    }
    throw new AssertionError("no application after " + PATIENCE_SECONDS + " s");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

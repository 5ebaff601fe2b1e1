package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.Disturbance;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.rounds.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What happens to executors in the middle of a round changes no byte of the result. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
  private static final long PATIENCE_SECONDS = 240;

  private static final Pattern SAMPLES =
      Pattern.compile("executor_(\\w+?)_samples_trained=([^,}]+)");

  private final Path undisturbed;

  ClusterIT(@TempDir Path shared) {
    undisturbed = shared.resolve("undisturbed");
  }

  @BeforeAll
  void runOnce() {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      SmallTraining.run(spark, undisturbed, Disturbance.NONE);
    }
  }

  /** Runs to the end, compares the results and hands back what Spark told. */
  private String train(ClusterProcess.Event event, Path directory)
      throws IOException, InterruptedException {
    return train(event, Transport.SHUFFLE, directory);
  }

  private String train(ClusterProcess.Event event, Transport transport, Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("run");
    Path home = directory.resolve("home");
    Process process = ClusterProcess.start(event, transport, output, home);
    JavaProcess.ended(process, home, PATIENCE_SECONDS);
    for (String file : new String[] {SmallTraining.FINAL, SmallTraining.HISTORY}) {
      assertThat(output.resolve(file))
          .as("%s: %s", event, file)
          .hasSameBinaryContentAs(undisturbed.resolve(file));
    }
    return Files.readString(output.resolve(ClusterProcess.FACTS));
  }

  /** Samples that the executors which are left have trained on, by executor. */
  private static Map<String, Double> samples(Path directory) throws IOException {
    Map<String, Double> samples = new TreeMap<>();
    String gauges = Files.readString(directory.resolve("run").resolve(ClusterProcess.GAUGES));
    Matcher found = SAMPLES.matcher(gauges);
    while (found.find()) {
      samples.put(found.group(1), Double.valueOf(found.group(2)));
    }
    return samples;
  }

  /** Preemption: the JVM is gone with its cached samples; another one computes them again. */
  @Test
  void anExecutorLostInARound(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.EXECUTOR_DIES, directory))
        .matches("added=4 removed=2 speculative=0 killed=0 failed=2 in_place=0");
    assertThat(samples(directory)).as("gauges of executors that are there").hasSize(2);
  }

  /** The other worker notices, and both begin anew where the epoch did. */
  @Test
  void anExecutorLostWhileItsWorkerIsAveragedInPlace(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.EXECUTOR_DIES, Transport.COLLECTIVE, directory))
        .matches("added=4 removed=2 speculative=0 killed=\\d+ failed=\\d+ in_place=(7|8|9)");
  }

  @Test
  void twoExecutorsChooseToAverageInPlace(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.NONE, Transport.AUTO, directory))
        .matches("added=2 removed=0 speculative=0 killed=0 failed=0 in_place=7");
  }

  /** Decommissioned, as by a node that is drained; what it could not hand over is made again. */
  @Test
  void anExecutorThatLeavesInARound(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.EXECUTOR_LEAVES, directory))
        .matches("added=[34] removed=[12] speculative=0 killed=0 failed=\\d+ in_place=0");
  }

  @Test
  void aTaskRunTwiceBySpeculation(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.TASKS_RUN_TWICE, directory))
        .matches("added=2 removed=0 speculative=[1-9] killed=\\d+ failed=0 in_place=0");
  }

  @Test
  void executorsThatFollowTheLoad(@TempDir Path directory) throws Exception {
    assertThat(train(ClusterProcess.Event.EXECUTORS_FOLLOW_THE_LOAD, directory))
        .matches("added=2 removed=0 speculative=0 killed=0 failed=0 in_place=0");
    int epochs = 2 + 2 + 3;
    // who of the two gets the work is Spark's choice
    assertThat(samples(directory)).hasSize(2);
    assertThat(samples(directory).values().stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo((33.0 + 26) * epochs);
  }
}

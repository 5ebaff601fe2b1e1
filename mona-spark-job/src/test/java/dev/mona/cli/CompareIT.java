package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.example.LocalSpark;
import dev.mona.html.ParsedPage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mona compare --task}: methods and seeds, run and compared. */
class CompareIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static SparkSession spark;
  private static JobFolder folder;

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static CommandRun compare(String runs, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "compare",
                "--task",
                folder.task().toString(),
                "--output",
                folder.root().resolve(runs).toString(),
                "--set",
                "evaluation.retention=false"));
    all.addAll(List.of(arguments));
    return CommandRun.of(OneSession.of(spark), all.toArray(String[]::new));
  }

  @Test
  void everyMethodRunsWithEverySeedAndCanBeComparedAgain() throws IOException {
    String[] what = {"--methods", "finetune,warmup-finetune", "--seeds", "4,5"};
    CommandRun first = compare("all", what);
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    Path runs = folder.root().resolve("all");
    for (String id :
        List.of(
            "waves-finetune-4",
            "waves-finetune-5",
            "waves-warmup-finetune-4",
            "waves-warmup-finetune-5")) {
      assertThat(runs.resolve(id).resolve("_SUCCESS")).exists();
    }
    Path comparison = runs.resolve("comparison-waves");
    JsonNode json = JSON.readTree(Files.readString(comparison.resolve("comparison.json")));
    for (int m = 0; m < 2; m++) {
      JsonNode method = json.path("methods").get(m);
      double sum = 0;
      for (JsonNode run : method.path("runs")) {
        Path summary = runs.resolve(Path.of(run.path("run").asText()).getFileName());
        double own =
            JSON.readTree(Files.readString(summary.resolve("metrics/summary.json")))
                .path("scores")
                .path("test_error_rate")
                .asDouble();
        assertThat(run.path("test_error_rate").asDouble()).isEqualTo(own);
        sum += own;
      }
      assertThat(method.path("mean").asDouble()).isEqualTo(sum / 2);
    }
    String table = Files.readString(comparison.resolve("comparison.txt"));
    assertThat(first.out()).contains(table);
    assertThat(Files.readString(comparison.resolve("comparison.svg"))).startsWith("<svg ");

    long written = Files.getLastModifiedTime(runs.resolve("waves-finetune-4/_SUCCESS")).toMillis();
    CommandRun again = compare("all", what);
    assertThat(again.err()).isEmpty();
    assertThat(Files.getLastModifiedTime(runs.resolve("waves-finetune-4/_SUCCESS")).toMillis())
        .isEqualTo(written);
    assertThat(Files.readString(comparison.resolve("comparison.txt"))).isEqualTo(table);
  }

  /** Time for one seed only: the second one is left out for both methods. */
  @Test
  void theBudgetLeavesOutWholeSeeds() throws IOException {
    CommandRun run =
        compare(
            "short",
            "--methods",
            "finetune,warmup-finetune",
            "--seeds",
            "1,2",
            "--budget-minutes",
            "0.001");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("budget of 0.001 minutes: seeds [2] are left out");
    JsonNode json =
        JSON.readTree(
            Files.readString(folder.root().resolve("short/comparison-waves/comparison.json")));
    assertThat(json.path("seeds")).hasSize(1);
    assertThat(json.path("methods")).hasSize(2);
    assertThat(folder.root().resolve("short/waves-finetune-2")).doesNotExist();
  }

  /** The process dies between two runs, and the second one takes over the warm-up of the first. */
  @Test
  void armsShareAWarmupAndAComparisonGoesOn() throws IOException {
    String[] what = {
      "compare",
      "--task",
      folder.task().toString(),
      "--output",
      folder.runs().toString(),
      "--methods",
      "mona",
      "--grid",
      "finetuning.optimizer.learning-rate=1e-2,2e-2",
      "--seeds",
      "7",
      "--set",
      "evaluation.refit=true"
    };
    AtomicInteger begun = new AtomicInteger();
    OneSession all = OneSession.of(spark);
    Commands dies =
        (Commands)
            Proxy.newProxyInstance(
                Commands.class.getClassLoader(),
                new Class<?>[] {Commands.class},
                (proxy, method, arguments) -> {
                  if (begun.incrementAndGet() > 1) {
                    throw new IllegalStateException("the power is cut");
                  }
                  return method.invoke(all, arguments);
                });
    assertThat(CommandRun.of(dies, what).code()).isNotZero();
    Path first = folder.run("waves-mona-learning-rate-1e-2-7");
    FileTime ended = Files.getLastModifiedTime(first.resolve("_SUCCESS"));
    Path second = folder.run("waves-mona-learning-rate-2e-2-7");
    assertThat(second).doesNotExist();

    CommandRun goesOn = CommandRun.of(all, what);
    assertThat(goesOn.err()).isEmpty();
    assertThat(goesOn.code()).isZero();
    assertThat(Files.getLastModifiedTime(first.resolve("_SUCCESS"))).isEqualTo(ended);
    JsonNode start =
        JSON.readTree(Files.readString(second.resolve("provenance.json"))).path("starts").get(0);
    assertThat(start.path("warmup_from").asText()).endsWith("/waves-mona-learning-rate-1e-2-7");

    Path alone =
        folder.trained(
            spark,
            "alone",
            "run.seed=7",
            "evaluation.refit=true",
            "finetuning.optimizer.learning-rate=2e-2");
    JobFolder.assertSameModels(second, alone, "with the warm-up of another run");
    for (String file : List.of("metrics/epochs.jsonl", "metrics/rounds.jsonl")) {
      assertThat(untimed(second.resolve(file))).isEqualTo(untimed(alone.resolve(file)));
    }
    Path comparison = folder.runs().resolve("comparison-waves-grid");
    assertThat(Files.readString(comparison.resolve("comparison.txt")))
        .containsPattern("mona-learning-rate-1e-2 +0\\.")
        .containsPattern("mona-learning-rate-2e-2 +0\\.");
    JsonNode arm =
        JSON.readTree(Files.readString(comparison.resolve("comparison.json")))
            .path("methods")
            .get(1);
    assertThat(arm.path("settings").get(1).asText())
        .isEqualTo("finetuning.optimizer.learning-rate=2e-2");
    assertThat(arm.path("runs").get(0).path("probe_error_refitted").isNumber()).isTrue();
    ParsedPage page = ParsedPage.of(Files.readString(comparison.resolve("report/index.html")));
    assertThat(page.assertStandsAlone().charts())
        .contains(
            "Source probe error",
            "Source probe error, refitted",
            "Davies-Bouldin index of the source",
            "Outer loss of the source");
    assertThat(page.section("runs")).contains("mona-learning-rate-2e-2, seed 7");
  }

  /** Lines of metrics without what the clock says. */
  private static List<JsonNode> untimed(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ObjectNode all = (ObjectNode) JSON.readTree(line);
      all.properties().removeIf(field -> field.getKey().contains("seconds"));
      ((ObjectNode) all.path("metrics"))
          .properties()
          .removeIf(field -> field.getKey().contains("seconds"));
      lines.add(all);
    }
    return lines;
  }

  @Test
  void refusesWhatCannotBeComparedBeforeAnythingRuns() {
    assertRefused("must be one of", compare("none", "--methods", "finetune,mone"));
    assertRefused("name one twice", compare("none", "--methods", "mona,mona"));
    assertRefused("name one twice", compare("none", "--seeds", "1,1"));
    assertRefused("either run directories, or --task", compare("none", "some/run"));
    assertRefused(
        "either run directories, or --task", CommandRun.of(OneSession.of(spark), "compare"));
    assertThat(folder.root().resolve("none")).doesNotExist();
  }

  private static void assertRefused(String message, CommandRun run) {
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains(message);
  }
}

package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import dev.mona.example.LocalSpark;
import dev.mona.html.ParsedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that a real run leaves, and what is made of it afterwards. */
class ReportIT {
  private static SparkSession spark;
  private static JobFolder folder;
  private static Path run;
  private static ParsedPage page;

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    run = folder.trained(spark, "looked-at");
    page = ParsedPage.of(Files.readString(run.resolve("report/index.html")));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static JsonNode json(String file) throws IOException {
    return StoredJson.tree(Files.readString(run.resolve(file)));
  }

  private static CommandRun mona(String... arguments) {
    return CommandRun.of(OneSession.of(spark), arguments);
  }

  @Test
  void itStandsAloneAndHasEverySection() {
    page.assertStandsAlone();
    assertThat(page.charts())
        .containsExactly(
            "Training loss",
            "Validation error",
            "cos(g, v)",
            "Forgetting gap",
            "Source probe error",
            "Outer loss of the source",
            "Davies-Bouldin index of the source",
            "Discrepancy",
            "Confusion matrix",
            "Before: a new embedder",
            "After alignment",
            "At the end: the finetuned embedder",
            "Timeline of rounds");
  }

  @Test
  void itsNumbersAreThoseOfTheRun() throws IOException {
    double error = json("metrics/summary.json").path("scores").path("test_error_rate").asDouble();
    long right = 0;
    long all = 0;
    JsonNode classes = json("metrics/predictions.json").path("classes");
    for (int k = 0; k < classes.size(); k++) {
      for (int c = 0; c < classes.path(k).size(); c++) {
        all += classes.path(k).path(c).asLong();
        right += c == k ? classes.path(k).path(c).asLong() : 0;
      }
    }
    assertThat(all).isEqualTo(SmallTask.TEST);
    assertThat((double) (all - right) / all).isEqualTo(error);
    assertThat(page.section("predictions"))
        .contains(right + " of " + SmallTask.TEST + " samples are right.");
    assertThat(page.text().lines().map(String::strip))
        .anyMatch(l -> l.startsWith("Test error rate " + percent(error) + " (95 % interval "));
    String hash = json("provenance.json").path("config_sha256").asText();
    assertThat(page.section("provenance")).contains(hash).contains("run.seed = 3");
  }

  private static String percent(double part) {
    double value = 100 * part;
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %%", value);
  }

  /** Both modalities in one plane; of the target as many samples as of the source at most. */
  @Test
  void embeddingsAreKeptOfBothModalities() throws IOException {
    JsonNode sets = json("metrics/embeddings.json").path("sets");
    List<String> names = new ArrayList<>();
    sets.forEach(set -> names.add(set.path("name").asText()));
    assertThat(names).containsExactly("source", "initial", "aligned", "finetuned");
    for (JsonNode set : sets) {
      assertThat(set.path("points").size()).isBetween(12, 120);
      assertThat(set.path("labels")).hasSameSizeAs(set.path("points"));
    }
    assertThat(sets.path(1).path("points")).isNotEqualTo(sets.path(2).path("points"));
    assertThat(sets.path(1).path("labels")).isEqualTo(sets.path(2).path("labels"));
  }

  /**
   * All but times, places and the identity of starts; and the command of the page is what was run.
   */
  @Test
  void theCommandOnThePageMakesTheSameRunAgain() throws IOException {
    String command =
        page.section("repeat")
            .lines()
            .filter(l -> l.contains("mona train"))
            .findFirst()
            .orElseThrow();
    List<String> words =
        new ArrayList<>(
            Arrays.asList(command.substring(command.indexOf("train")).strip().split(" ", -1)));
    CommandRun again = mona(words.toArray(String[]::new));
    assertThat(again.err()).isEmpty();
    Path second = folder.run("looked-at-again");
    JobFolder.assertSameModels(second, run, "again");
    for (String file : List.of("metrics/predictions.json", "metrics/embeddings.json")) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
    ParsedPage other = ParsedPage.of(Files.readString(second.resolve("report/index.html")));
    assertThat(other.charts()).isEqualTo(page.charts());
    for (String section : List.of("curves", "knowledge", "predictions", "embeddings")) {
      assertThat(other.section(section)).as(section).isEqualTo(page.section(section));
    }
    assertThat(drawn(second, "curves", "time")).isEqualTo(drawn(run, "curves", "time"));
  }

  /** The bytes of the page between two sections. */
  private static String drawn(Path of, String from, String to) throws IOException {
    String html = Files.readString(of.resolve("report/index.html"));
    return html.substring(html.indexOf("id=\"" + from + '"'), html.indexOf("id=\"" + to + '"'));
  }

  @Test
  void theCommandWritesTheSamePage(@TempDir Path elsewhere) throws IOException {
    byte[] first = Files.readAllBytes(run.resolve("report/index.html"));
    CommandRun inPlace = mona("report", run.toString());
    assertThat(inPlace.err()).isEmpty();
    assertThat(inPlace.out()).isEqualTo("report file:" + run + "/report/index.html\n");
    assertThat(run.resolve("report/index.html")).hasBinaryContent(first);
    Path file = elsewhere.resolve("a [1] b.html");
    assertThat(mona("report", run.toString(), "--output", file.toString()).code()).isZero();
    assertThat(file).hasBinaryContent(first);
    assertThat(elsewhere).isDirectoryNotContaining(f -> !f.equals(file));
  }

  @Test
  void whatIsNoRunIsRefused(@TempDir Path empty) {
    CommandRun none = mona("report", empty.toString());
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("holds no config.conf: give the directory of a run");
    CommandRun gone = mona("report", empty.resolve("gone").toString());
    assertThat(gone.code()).isEqualTo(6);
    CommandRun directory = mona("report", run.toString(), "--output", empty.toString());
    assertThat(directory.code()).isEqualTo(6);
    assertThat(directory.err()).contains("it is a directory").doesNotContain("\tat ");
  }

  /** A file where its folder should be: the run ends well, with one line. */
  @Test
  void aReportThatCannotBeWrittenEndsNoRun() throws IOException {
    Path blocked = folder.run("blocked");
    Files.createDirectories(blocked);
    Files.writeString(blocked.resolve("report"), "in the way");
    CommandRun ended = folder.train(spark, "blocked", "method=finetune");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("blocked ended: COMPLETED");
    assertThat(blocked.resolve("_SUCCESS")).exists();
    assertThat(blocked.resolve("report")).hasContent("in the way");
  }

  @Test
  void aComparisonHasAPageOfItsOwn() throws IOException {
    CommandRun compared =
        mona(
            "compare",
            "--task",
            folder.task().toString(),
            "--output",
            folder.runs().toString(),
            "--methods",
            "warmup-finetune,finetune",
            "--seeds",
            "3,4");
    assertThat(compared.err()).isEmpty();
    Path file = folder.runs().resolve("comparison-waves/report/index.html");
    assertThat(compared.out()).contains("report file:" + file + "\n");
    ParsedPage comparison = ParsedPage.of(Files.readString(file)).assertStandsAlone();
    assertThat(comparison.charts())
        .startsWith("Every run", "Validation error")
        .contains("Source probe error", "Forgetting gap");
    JsonNode methods =
        StoredJson.tree(Files.readString(folder.runs().resolve("comparison-waves/comparison.json")))
            .path("methods");
    for (JsonNode method : methods) {
      assertThat(comparison.section("scores"))
          .contains(method.path("method").asText())
          .contains(percent(method.path("mean").asDouble()));
    }
    assertThat(comparison.section("runs")).contains("finetune, seed 4");
  }
}

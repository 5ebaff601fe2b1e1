package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.report.EmbeddingsJson;
import dev.mona.report.EmbeddingsJson.PointSet;
import dev.mona.report.KeptField;
import dev.mona.report.PredictionsJson;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.SealedFolder;
import dev.mona.task.TaskKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of runs whose files are written by hand. */
class RunReportTest {
  private static final String HOSTILE =
      "<a href='https://example.org'>n</a><script>alert(1)</script>\\(x^2\\)\u202e";

  @TempDir private Path folder;

  private RunDirectory run() {
    return RunDirectory.open(folder.toString(), new Configuration());
  }

  private ParsedPage page() {
    try (RunDirectory run = run()) {
      return ParsedPage.of(RunReport.page(run)).assertStandsAlone();
    }
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private void writeRun(String className) throws Exception {
    write("config.conf", "run.seed = 9\n");
    write(
        "metrics/summary.json",
        json(
            "{'task':'waves','method':'mona','seed':9,'stop_reason':'COMPLETED','epochs':3,"
                + "'validation_error':0.25,'best_finetuning_epoch':0,'scores':{'test_error_rate':0.3,"
                + "'probe_error_pretrained':0.1,'probe_error':0.125,'discrepancy_initial':1.5,"
                + "'discrepancy':1.25,'training_minutes':2},"
                + "'wall_seconds':{'local_steps':30,'averaging':10}}"));
    write(
        "metrics/epochs.jsonl",
        json(
            """
            {'stage':'warmup','epoch':0,'seconds':4,'metrics':{'loss':1.5,'forgetting_gap':0.1}}
            {'stage':'alignment','epoch':0,'seconds':4,'metrics':{'loss':1.25,'forgetting_gap':-0.1}}
            {'stage':'finetuning','epoch':0,'seconds':4,'metrics':{'loss':1.0,'probe_error':0.125,'validation_error':0.25}}
            {'stage':'finetuning','epo"""));
    write(
        "metrics/rounds.jsonl",
        json(
            """
            {'stage':'warmup','epoch':0,'round':0,'of_rounds':1,'seconds':2,'metrics':{'loss':1.5}}
            {'stage':'alignment','epoch':0,'round':0,'of_rounds':1,'seconds':2,'metrics':{'loss':1.2,'cosine':0.25}}
            """));
    String name = className.replace("\\", "\\\\");
    write(
        "provenance.json",
        "{\"task\":{\"name\":\"waves\",\"class_names\":[\""
            + name
            + "\",\"b\"]},\"partitions\":2,\"executor_omp_num_threads\":[\"1\"],\"data\":{\"name\":\""
            + name
            + "\",\"test_samples\":10},\"starts\":[{\"host\":\""
            + name
            + "\"}]}");
    write(
        "metrics/predictions.json",
        PredictionsJson.counts(TaskKind.CLASSIFICATION, new long[][] {{4, 2, 0}, {1, 3, 0}}));
    write(
        "metrics/embeddings.json",
        EmbeddingsJson.of(
            new double[] {0.5, 0.25},
            List.of(
                new PointSet("source", new double[][] {{0, 0}, {1, 1}}, List.of("s", "t")),
                new PointSet("initial", new double[][] {{0.5, 1}, {1, 0}}, List.of(className, "b")),
                new PointSet(
                    "finetuned", new double[][] {{0.5, 1}, {1, 0}}, List.of(className, "b")))));
  }

  @Test
  void theAnswerComesFirst() throws Exception {
    writeRun("a");
    ParsedPage page = page();
    assertThat(page.text().strip().lines().map(String::strip).filter(l -> !l.isEmpty()))
        .element(2)
        .asString()
        .startsWith("Test error rate 30.0 % (95 % interval 10.8 % to 60.3 % for 10 test samples),")
        .contains("against 40.0 % for always the most frequent class")
        .contains("completed all its epochs (COMPLETED)");
    assertThat(page.charts())
        .containsExactly(
            "Training loss",
            "Validation error",
            "cos(g, v)",
            "Forgetting gap",
            "Source probe error",
            "Discrepancy",
            "Confusion matrix",
            "Before: a new embedder",
            "At the end: the finetuned embedder",
            "Timeline of rounds");
    assertThat(page.section("knowledge")).contains("0.1000").contains("0.1250").contains("+0.0250");
    assertThat(page.section("predictions"))
        .contains("7 of 10 samples are right")
        .contains("33.3 %");
    assertThat(page.section("embeddings")).contains("50.0 % and 25.0 %");
    assertThat(page.section("time")).contains("took 40.0 s").contains("30.0 s, 75.0 %");
    assertThat(page.section("repeat"))
        .contains(
            String.format(
                Locale.ROOT,
                "OMP_NUM_THREADS=1 deploy/local/mona train --config file:%s/config.conf --set"
                    + " run.id=%s-again --set run.partitions=2",
                folder,
                folder.getFileName()));
  }

  @Test
  void namesFromDataAreTextAndNothingElse() throws Exception {
    writeRun(HOSTILE);
    ParsedPage page = page();
    assertThat(page.elements("a")).isEmpty();
    assertThat(page.section("provenance"))
        .contains("<a href='https://example.org'>n</a><script>alert(1)</script>\\(x^2\\)\\u202e");
    assertThat(page.section("predictions")).contains("<a href='https://…");
  }

  @Test
  void aRunThatHasJustBegunSaysWhatIsNotThere() throws Exception {
    write("config.conf", "run.seed = 9\n");
    ParsedPage page = page();
    assertThat(page.text()).contains("No test score yet: the run has not ended.");
    for (String section : List.of("curves", "knowledge", "predictions", "embeddings", "time")) {
      assertThat(page.section(section)).as(section).containsIgnoringCase("no");
    }
    assertThat(page.charts()).isEmpty();
  }

  @Test
  void filesThatAreNoneAreAsIfNotThere() throws Exception {
    writeRun("a");
    for (String file : List.of("summary", "predictions", "embeddings")) {
      write("metrics/" + file + ".json", "{\"scores\": [");
    }
    write("metrics/rounds.jsonl", "null\n7\n\n{}");
    write("metrics/epochs.jsonl", "{\"stage\":\"warmup\",\"epoch\":-5,\"metrics\":7}\n");
    assertThat(page().text()).contains("No test score yet");
    write(
        "metrics/predictions.json", "{\"fields\":[{\"height\":9,\"width\":9999999}],\"errors\":1}");
    write("metrics/embeddings.json", "{\"sets\":[{\"name\":\"source\"},{\"name\":\"initial\"}]}");
    assertThat(page().section("predictions")).contains("its file is damaged");
  }

  @Test
  void labelsAreListedByTheirNumber() throws Exception {
    writeRun("a");
    write(
        "metrics/predictions.json",
        PredictionsJson.counts(TaskKind.MULTI_LABEL, new long[][] {{1, 1, 0, 8}, {3, 1, 1, 5}}));
    assertThat(page().section("predictions").replaceAll("\\s+", " "))
        .contains("b 4 75.0 % 75.0 % a 2 50.0 % 100 %");
  }

  @Test
  void fieldsAreBesideTheTrueOnes() throws Exception {
    writeRun("a");
    float[] truth = {0, 1, 2, 3, 4, 5};
    KeptField exact = KeptField.of(3, truth, truth, 2, 3);
    KeptField zero = KeptField.of(4, truth, new float[6], 2, 3);
    write("metrics/predictions.json", PredictionsJson.fields(List.of(zero, exact)));
    ParsedPage page = page();
    assertThat(page.section("predictions"))
        .contains("Best: sample 3, error 0.000")
        .contains("Worst: sample 4, error 1.000")
        .contains("0.0000 (dark) to 5.000 (bright)");
    assertThat(page.elements("image")).hasSize(6);
    write(
        "metrics/predictions.json",
        PredictionsJson.fields(List.of(KeptField.of(3, truth, truth, 1, 6))));
    assertThat(page().charts()).contains("Predicted - true").doesNotContain("Predicted");
  }

  @Test
  void thePageIsSealedAndAFunctionOfTheFiles() throws Exception {
    writeRun("a");
    try (RunDirectory run = run()) {
      RunReport.write(run);
      SealedFolder.verify(run, "report", "index.html");
      assertThat(folder.resolve("report/index.html")).hasContent(RunReport.page(run));
    }
  }
}

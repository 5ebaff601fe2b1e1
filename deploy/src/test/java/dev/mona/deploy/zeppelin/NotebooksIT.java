package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Installation;
import dev.mona.deploy.SmallEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every notebook, imported into a real Zeppelin server and run by its REST interface on short runs.
 * The Scala interpreter is the tests' own: see {@link ScalaInterpreter}.
 */
@Tag("cluster")
class NotebooksIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Kept after the test, to look into. */
  private static final Path folder =
      Installation.home().resolve("deploy/target/notebooks").toAbsolutePath().normalize();

  private static ShortRuns runs;
  private static ZeppelinServer zeppelin;
  private static RunNotes notes;
  private static MadePredictions predictions;

  @BeforeAll
  static void start() throws IOException {
    clear();
    runs = ShortRuns.make(folder);
    zeppelin = ZeppelinServer.start(folder.resolve("zeppelin"));
    notes = new RunNotes(runs, zeppelin);
    predictions = new MadePredictions(folder, zeppelin);
  }

  private static void clear() throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    if (zeppelin != null) {
      zeppelin.close();
    }
  }

  private static ToDoubleFunction<JsonNode> metric(String name) {
    return line -> line.path("metrics").path(name).asDouble(Double.NaN);
  }

  @Test
  void overviewShowsTheLinesOfTheRun() throws IOException {
    NoteRun run = notes.ended("01");
    assertThat(run.notShown()).isEmpty();
    assertThat(run.paragraph("Run directory").fields()).containsExactly("Run directory");
    assertThat(run.paragraph("Run directory").text()).contains("method mona, complete.");
    for (String stage : List.of("warmup", "alignment", "finetuning")) {
      String title =
          Map.of("warmup", "Warm-up", "alignment", "Alignment").getOrDefault(stage, "Finetuning");
      Table loss = run.table(title + ": loss by round");
      assertThat(loss.header()).containsExactly("round", "loss", "epoch");
      List<JsonNode> lines = runs.lines("mona", "metrics/rounds.jsonl", stage);
      loss.assertColumn("loss", lines, metric("loss"));
      loss.assertColumn("epoch", lines, line -> line.path("epoch").asInt() + 1);
    }
    List<JsonNode> rounds = runs.lines("mona", "metrics/rounds.jsonl");
    List<JsonNode> epochs = runs.lines("mona", "metrics/epochs.jsonl");
    Table validation = run.table("Validation error by epoch");
    validation.assertColumn("validation error", epochs, metric("validation_error"));
    assertThat(validation.column("stage"))
        .containsExactly("warmup", "alignment", "finetuning", "finetuning");
    run.table("Samples a second by round")
        .assertColumn(
            "samples a second",
            rounds,
            line -> line.path("examples").asDouble() / line.path("seconds").asDouble());
    run.table("Averaging share by round")
        .assertColumn(
            "averaging (%)",
            rounds,
            line ->
                100
                    * metric("averaging_seconds").applyAsDouble(line)
                    / line.path("seconds").asDouble());
    Table stages = run.table("Seconds by stage");
    assertThat(stages.column("stage")).containsExactly("warmup", "alignment", "finetuning");
    assertThat(stages.numbers("samples")).containsExactly(32.0, 32.0, 64.0);
    Table outcome = run.table("Outcome");
    assertThat(outcome.rows())
        .contains(List.of("stop reason", "COMPLETED"), List.of("method", "mona"));
    assertThat(outcome.column("what"))
        .containsSubsequence("seed", "probe error", "test error rate", "training minutes");
    JsonNode provenance = JSON.readTree(runs.run("mona").resolve("provenance.json").toFile());
    assertThat(run.table("Provenance").rows())
        .contains(
            List.of("config_sha256", provenance.path("config_sha256").asText()),
            List.of("task.class_names", "ei, ie, n"));
  }

  @Test
  void overviewOfARunWithoutAlignmentSaysSo() throws IOException {
    NoteRun run = notes.run(Notes.text("01"), notes.of("finetune"));
    assertThat(run.notShown())
        .containsExactly("Warm-up: loss by round", "Alignment: loss by round");
    assertThat(run.paragraph("Alignment: loss by round").text())
        .startsWith("Not shown: the run has no alignment stage, or it has not begun");
  }

  @Test
  void alignmentShowsWhatItsRoundsMeasured() throws IOException {
    NoteRun run = notes.ended("02");
    assertThat(run.notShown()).isEmpty();
    Table discrepancy = run.table("Modality knowledge discrepancy");
    assertThat(discrepancy.column("embedder")).containsExactly("initial", "aligned", "finetuned");
    JsonNode scores = runs.scores("mona");
    discrepancy.assertColumn(
        "discrepancy",
        List.of(
            scores.path("discrepancy_initial"),
            scores.path("discrepancy_aligned"),
            scores.path("discrepancy")),
        JsonNode::asDouble);
    List<JsonNode> rounds = runs.lines("mona", "metrics/rounds.jsonl", "alignment");
    run.table("L_inner by round").assertColumn("L_inner", rounds, metric("loss"));
    run.table("L_align by round").assertColumn("L_align", rounds, metric("align"));
    run.table("L_uniform by round").assertColumn("L_uniform", rounds, metric("uniform"));
    run.table("cos(g, v) by round")
        .assertColumn(
            "cos, thousandths", rounds, line -> 1000 * metric("cosine").applyAsDouble(line));
    Table norms = run.table("Gradient norms by round");
    assertThat(norms.header()).containsExactly("round", "|g|", "|v|");
    norms.assertColumn("|g|", rounds, metric("inner_gradient_norm"));
    norms.assertColumn("|v|", rounds, metric("outer_gradient_norm"));
    List<JsonNode> epochs = new ArrayList<>(runs.lines("mona", "metrics/epochs.jsonl", "warmup"));
    epochs.addAll(runs.lines("mona", "metrics/epochs.jsonl", "alignment"));
    run.table("Forgetting gap by epoch")
        .assertColumn(
            "gap, thousandths",
            epochs,
            line -> 1000 * metric("forgetting_gap").applyAsDouble(line));
  }

  @Test
  void retentionComparesTheRunsAndNamesWhatIsMissing() throws IOException {
    NoteRun run = notes.ended("03");
    assertThat(run.notShown()).isEmpty();
    assertThat(run.table("Runs").column("state"))
        .containsExactly("ended", "ended", "missing: there is no such directory");
    List<JsonNode> scores = List.of(runs.scores("finetune"), runs.scores("mona"));
    Table probe = run.table("Probe error by run");
    assertThat(probe.column("run")).containsExactly("finetune-1", "mona-1");
    probe.assertColumn(
        "pretrained", scores, s -> s.path("probe_error_pretrained").asDouble(Double.NaN));
    probe.assertColumn("finetuned", scores, s -> s.path("probe_error").asDouble(Double.NaN));
    probe.assertColumn(
        "refitted", scores, s -> s.path("probe_error_refitted").asDouble(Double.NaN));
    run.table("L_outer: change by run")
        .assertColumn(
            "change, thousandths",
            scores,
            s ->
                1000
                    * (s.path("outer_loss").asDouble(Double.NaN)
                        - s.path("outer_loss_pretrained").asDouble()));
    run.table("Davies-Bouldin index: change by run")
        .assertColumn("finetuned", scores, s -> s.path("davies_bouldin").asDouble(Double.NaN));
    List<JsonNode> epochs = new ArrayList<>(runs.lines("finetune", "metrics/epochs.jsonl"));
    epochs.addAll(runs.lines("mona", "metrics/epochs.jsonl", "finetuning"));
    Table points = run.table("Probe error by epoch of finetuning");
    points.assertColumn("probe error", epochs, metric("probe_error"));
    points.assertColumn("epoch", epochs, line -> line.path("epoch").asInt() + 1);
  }

  /** 60 bases at 3 a token are 20 tokens a sample. */
  @Test
  void embeddingsProjectTheTokensOfAllEmbedders() throws IOException {
    NoteRun run = notes.ended("04");
    assertThat(run.notShown()).isEmpty();
    Table written = run.table("What was written");
    assertThat(written.column("tokens"))
        .containsExactly("source pretrained", "target aligned", "target finetuned");
    double samples = ShortRuns.EMBEDDED_SAMPLES;
    assertThat(written.numbers("samples")).containsExactly(samples, samples, samples);
    List<Double> tokens = written.numbers("tokens written");
    assertThat(tokens.subList(1, 3)).containsExactly(20 * samples, 20 * samples);
    assertThat(written.numbers("width")).containsOnly((double) SmallEncoder.WIDTH);
    Table plane = run.table("Tokens in the plane of two principal components");
    assertThat(plane.header()).containsExactly("x", "y", "tokens", "sample", "token", "label");
    double all = tokens.stream().mapToDouble(Double::doubleValue).sum();
    assertThat(plane.rows()).hasSize((int) all);
    assertThat(plane.numbers("x")).allMatch(Double::isFinite).anyMatch(x -> x != 0);
    List<Double> shares = run.table("Share of the variance").numbers("variance (%)");
    assertThat(shares.get(0)).isGreaterThan(shares.get(1)).isLessThanOrEqualTo(100);
    assertThat(shares.get(1)).isPositive();
    List<Double> distances =
        run.table("Distance from the source, all dimensions").numbers("distance of means");
    assertThat(distances.get(0)).isZero();
    assertThat(distances.subList(1, 3)).allMatch(distance -> distance > 0);
    assertThat(run.table("Mean token of target samples, by class").rows()).hasSize((int) samples);
  }

  @Test
  void predictionsOfClassesAddUpToTheScoreOfTheRun() throws IOException {
    NoteRun run = notes.ended("05");
    assertThat(run.notShown()).containsExactly("Predicted and true field");
    Table matrix = run.table("Confusion matrix");
    assertThat(matrix.header())
        .containsExactly("true class", "predicted ei", "predicted ie", "predicted n");
    assertThat(matrix.column("true class")).containsExactly("ei", "ie", "n");
    double total = 0;
    double right = 0;
    for (int t = 0; t < 3; t++) {
      for (int p = 0; p < 3; p++) {
        double count = Double.parseDouble(matrix.rows().get(t).get(p + 1));
        total += count;
        right += t == p ? count : 0;
      }
    }
    double error = runs.scores("mona").path("test_error_rate").asDouble();
    assertThat(total).isEqualTo(ShortRuns.TEST_SAMPLES);
    assertThat(Math.abs(1 - right / total - error)).isLessThan(1e-12);
    Table classes = run.table("Errors by class");
    assertThat(classes.numbers("samples").stream().mapToDouble(n -> n).sum()).isEqualTo(total);
    Table worst = run.table("Twenty worst samples");
    assertThat(worst.rows()).hasSize(20);
    List<Double> losses = worst.numbers("loss");
    List<Double> probabilities = worst.numbers("probability of the true class");
    for (int i = 0; i < losses.size(); i++) {
      assertThat(losses.get(i)).isLessThanOrEqualTo(losses.get(Math.max(0, i - 1)));
      assertThat(Math.abs(Math.exp(-losses.get(i)) - probabilities.get(i))).isLessThan(1e-4);
    }
  }

  /** The short runs have no such task: files are made here, in the form that predictions have. */
  @Test
  void predictionsOfFieldsAndOfLabels() throws IOException {
    predictions.make(
        "field",
        "DENSE",
        2,
        """
        (7L, Array(3f, 4f), Array(3f, 4f), Array(3f, 4f)),
        (9L, Array(3f, 4f), Array(0f, 4f), Array(0f, 4f))""");
    NoteRun field =
        notes.run(Notes.text("05"), Map.of("Run directory", folder.resolve("field").toString()));
    assertThat(field.notShown()).containsExactly("Confusion matrix", "Errors by class");
    Table worst = field.table("Twenty worst samples");
    assertThat(worst.numbers("sample")).containsExactly(9.0, 7.0);
    assertThat(worst.numbers("relative error")).containsExactly(0.6, 0.0);
    Table shown = field.table("Predicted and true field");
    assertThat(shown.header()).containsExactly("position", "true", "predicted", "sample");
    assertThat(shown.numbers("predicted")).containsExactly(0.0, 4.0);
    assertThat(shown.numbers("true")).containsExactly(3.0, 4.0);
    Map<String, String> other =
        Map.of(
            "Run directory", folder.resolve("field").toString(), "Sample (empty: the worst)", "7");
    String fields = Notes.excerpt("05", "Predicted and true field");
    assertThat(notes.run(fields, other).table("Predicted and true field").numbers("predicted"))
        .containsExactly(3.0, 4.0);

    predictions.make(
        "labels",
        "MULTI_LABEL",
        2,
        """
        (1L, Array(0), Array(0, 1), Array(1f, 1f)),
        (2L, Array(0), Array[Int](), Array(-1f, -1f))""");
    NoteRun labels =
        notes.run(Notes.text("05"), Map.of("Run directory", folder.resolve("labels").toString()));
    assertThat(labels.notShown()).containsExactly("Predicted and true field");
    assertThat(labels.table("Confusion matrix").rows())
        .containsExactly(List.of("a", "1", "0", "1", "0"), List.of("b", "0", "1", "0", "1"));
    assertThat(labels.table("Errors by class").numbers("wrong (%)")).containsExactly(50.0, 50.0);
    assertThat(labels.table("Twenty worst samples").column("true labels")).containsOnly("a");
    // -log sigmoid(1) - log sigmoid(-1) over two labels, for either sample
    double loss = Math.log1p(Math.exp(-1)) + 0.5;
    assertThat(labels.table("Twenty worst samples").numbers("loss"))
        .allMatch(one -> Math.abs(one - loss) < 1e-5);
  }

  /** Of more classes than a table has room for, the pairs that are confused are listed. */
  @Test
  void predictionsOfManyClassesAreConfusedInPairs() throws IOException {
    String logits = "Array.fill(31)(0f)";
    predictions.make(
        "many",
        "CLASSIFICATION",
        31,
        """
        (1L, 0, 2, %1$s), (2L, 0, 2, %1$s), (3L, 1, 1, %1$s), (4L, 30, 0, %1$s), (5L, 0, 1, %1$s)"""
            .formatted(logits));
    NoteRun many =
        notes.run(
            Notes.excerpt("05", "Confusion matrix"),
            Map.of("Run directory", folder.resolve("many").toString()));
    assertThat(many.table("Confusion matrix").rows())
        .containsExactly(
            List.of("a", "class 2", "2"), List.of("a", "b", "1"), List.of("class 30", "a", "1"));
  }

  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void withoutARunEveryNoteSaysWhatIsMissing(Path file) throws IOException {
    boolean several = file.getFileName().toString().startsWith("03");
    String field = several ? "Run directories" : "Run directory";
    NoteRun run = notes.run(Files.readString(file), Map.of(field, "/no/such/run"));
    assertThat(run.paragraphs().stream().filter(p -> p.text().contains("Not shown: ")).count())
        .as(file.toString())
        .isGreaterThanOrEqualTo(4);
    assertThat(run.paragraphs()).anyMatch(p -> p.text().contains("missing: "));
  }

  @Test
  void anAddressThatLeadsNowhereIsCalledSo() throws IOException {
    Map<String, String> said =
        Map.of(
            "", "enter the run's directory in the field above",
            "hdfs://localhost:1/run",
                "hdfs://localhost:1/run/metrics/summary.json cannot be reached: Connection refused",
            "not: an address",
                "'not: an address/metrics/summary.json' is no address of a file or folder");
    for (Map.Entry<String, String> one : said.entrySet()) {
      NoteRun run =
          notes.run(Notes.excerpt("01", "Outcome"), Map.of("Run directory", one.getKey()));
      assertThat(run.paragraph("Outcome").text()).startsWith("Not shown: " + one.getValue());
    }
  }

  @Test
  void aDamagedFileIsCalledSo() throws IOException {
    Path run = folder.resolve("damaged");
    Files.createDirectories(run.resolve("metrics"));
    Files.copy(runs.run("mona").resolve("provenance.json"), run.resolve("provenance.json"));
    Files.writeString(run.resolve("metrics/rounds.jsonl"), "{\"stage\": \"warm\n");
    Files.writeString(run.resolve("metrics/epochs.jsonl"), "");
    String note =
        Notes.excerpt("01", "Outcome", "Validation error by epoch", "Samples a second by round");
    NoteRun shown = notes.run(note, Map.of("Run directory", run.toString()));
    assertThat(shown.paragraph("Run directory").text()).contains("not complete");
    assertThat(shown.paragraph("Samples a second by round").text())
        .contains("rounds.jsonl is not JSON: the file is damaged");
    assertThat(shown.paragraph("Validation error by epoch").text())
        .contains("epochs.jsonl is empty: no epoch has ended");
    assertThat(shown.paragraph("Outcome").text()).contains("summary.json is missing");
  }

  @Test
  void aStageWithOneRoundIsATable() throws IOException {
    Path run = folder.resolve("begun");
    Files.createDirectories(run.resolve("metrics"));
    Files.copy(runs.run("mona").resolve("provenance.json"), run.resolve("provenance.json"));
    Files.writeString(
        run.resolve("metrics/rounds.jsonl"),
        runs.lines("mona", "metrics/rounds.jsonl", "warmup").get(0).toString());
    String title = "Warm-up: loss by round";
    NoteRun shown = notes.run(Notes.excerpt("01", title), Map.of("Run directory", run.toString()));
    List<NoteRun.Output> outputs = shown.paragraph(title).outputs();
    assertThat(outputs).extracting(NoteRun.Output::type).containsExactly("TEXT", "TABLE");
    assertThat(outputs.get(0).data()).isEqualTo("One point so far, which is no line:\n");
    assertThat(shown.table(title).rows()).hasSize(1);
  }

  /** The notes as they ended; it is asked for, since it takes up to two minutes. */
  @Test
  @EnabledIfSystemProperty(named = "mona.charts", matches = "true")
  void chartsAreDrawnInChromium() throws IOException {
    List<String> ids = new ArrayList<>();
    for (String number : List.of("01", "02", "03", "04", "05")) {
      ids.add(notes.ended(number).id());
    }
    ChartViews views = ChartViews.install(folder.resolveSibling("notebook-views"));
    assertThat(views.of(zeppelin.address(), ids).lines())
        .hasSize(2 * ids.size())
        .allMatch(line -> line.endsWith(": as it should be"));
  }
}

package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.metric.MetricKind;
import dev.mona.report.Comparison;
import dev.mona.report.Comparison.Contender;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The page of arms: five ways of training with two parts of the samples, which one seed has. */
class ComparisonReportTest {
  private static final ScoreName SCORE = new ScoreName.Test(MetricKind.ERROR_RATE);
  private static final String NAME = "<b>no-warmup</b>";

  private final Path directory;

  ComparisonReportTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Comparison.Run run(String name, boolean warmed, double error) throws IOException {
    Path run = directory.resolve(name);
    Files.createDirectories(run.resolve("metrics"));
    StringBuilder epochs = new StringBuilder();
    if (warmed) {
      epochs.append("{\"stage\":\"warmup\",\"epoch\":0,\"metrics\":{\"forgetting_gap\":0.1}}\n");
      epochs.append("{\"stage\":\"alignment\",\"epoch\":0,\"metrics\":{}}\n");
    }
    for (int epoch = 0; epoch < 2; epoch++) {
      epochs.append(
          "{\"stage\":\"finetuning\",\"epoch\":%d,\"metrics\":{\"probe_error\":0.%d}}\n"
              .formatted(epoch, 5 - 2 * epoch));
    }
    Files.writeString(run.resolve("metrics/epochs.jsonl"), epochs);
    return new Comparison.Run(
        run.toString(), new Scores(Map.of(SCORE, error, Measure.PROBE_ERROR_PRETRAINED, 0.1)));
  }

  private ParsedPage page() throws IOException {
    List<Contender> contenders = new ArrayList<>();
    for (String part : List.of("-5pct", "")) {
      for (int m = 0; m < 5; m++) {
        String name = (m == 1 ? NAME : "m" + m) + part;
        List<String> settings = new ArrayList<>(List.of("method=mona", "warmup.epochs=" + m));
        if (!part.isEmpty()) {
          settings.add("task.train-fraction=0.05");
        }
        Comparison.Run run = run("r" + m + part, m > 0, (part.isEmpty() ? 0.1 : 0.3) + 0.01 * m);
        contenders.add(new Contender(name, settings, "m0" + part, List.of(run)));
      }
    }
    Comparison comparison = new Comparison("waves", SCORE, List.of(7L), contenders);
    Configuration hadoop = new Configuration();
    try (RunDirectory written = RunDirectory.open(directory.resolve("c").toString(), hadoop)) {
      ComparisonReport.write(written, comparison, run -> RunDirectory.open(run, hadoop));
    }
    return ParsedPage.of(Files.readString(directory.resolve("c/report/index.html")));
  }

  private static Element figure(ParsedPage page, String title) {
    return page.elements("figure").stream()
        .filter(f -> f.getElementsByTagName("h3").item(0).getTextContent().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private static List<Element> within(Element figure, String tag) {
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < figure.getElementsByTagName(tag).getLength(); i++) {
      found.add((Element) figure.getElementsByTagName(tag).item(i));
    }
    return found;
  }

  /**
   * Two dots for an arm that begins with finetuning; four for one that has the pretrained encoder
   * until then, the first two at one height.
   */
  @Test
  void whatTheEncoderHasIsFlatUntilFinetuning() throws IOException {
    ParsedPage page = page().assertStandsAlone();
    Element probe = figure(page, "Source probe error");
    List<Element> dots = within(probe, "circle");
    assertThat(dots).hasSize(2 * (2 + 4 * 4));
    List<String> heights = dots.stream().map(dot -> dot.getAttribute("cy")).toList();
    assertThat(heights.get(2)).isEqualTo(heights.get(3)).isNotEqualTo(heights.get(4));
    assertThat(heights.get(0)).isEqualTo(heights.get(4));
    assertThat(heights.get(1)).isEqualTo(heights.get(5));
    assertThat(page.charts()).contains("Forgetting gap").doesNotContain("Discrepancy");
  }

  /** There are eight colours: the curves of the ninth and tenth arm are dashed. */
  @Test
  void moreArmsThanColoursAreToldApart() throws IOException {
    Element probe = figure(page(), "Source probe error");
    assertThat(within(probe, "path")).hasSize(10);
    assertThat(within(probe, "path").stream().filter(p -> p.hasAttribute("stroke-dasharray")))
        .hasSize(2);
    assertThat(within(probe, "rect").stream().filter(r -> r.getAttribute("fill").equals("none")))
        .hasSize(2);
  }

  /** Five curves of two points, named without their part. */
  @Test
  void theErrorIsShownOverThePartOfTheSamples() throws IOException {
    ParsedPage page = page();
    Element parts = figure(page, "Test error by samples");
    assertThat(within(parts, "path")).hasSize(5);
    assertThat(within(parts, "circle")).hasSize(10);
    assertThat(parts.getTextContent()).contains("5.00 %", "100 %", NAME).doesNotContain("pct");
  }

  @Test
  void everyRunHasARowAndEveryArmSaysWhatItChanges() throws IOException {
    ParsedPage page = page();
    assertThat(page.section("runs"))
        .contains(NAME + "-5pct, seed 7", "m4, seed 7", "Davies-Bouldin", "method=mona, warmup");
    assertThat(page.elements("b")).isEmpty();
    assertThat(page.text()).contains("The best of 9 others: m0: ");
  }
}

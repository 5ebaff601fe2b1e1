package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.metric.MetricKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ComparisonTest {
  private static final ScoreName SCORE = new ScoreName.Test(MetricKind.ERROR_RATE);

  /** Two methods and three seeds; the second method diverged with the last seed. */
  private static final Comparison COMPARISON =
      comparison(
          Map.of("plain", new double[] {0.2, 0.3, 0.4}),
          "mona",
          new double[] {0.1, 0.26, Double.NaN});

  private static Comparison comparison(
      Map<String, double[]> first, String second, double[] scores) {
    Map<String, List<Comparison.Run>> runs = new LinkedHashMap<>();
    first.forEach((method, values) -> runs.put(method, runs(method, values)));
    runs.put(second, runs(second, scores));
    return comparison("waves", List.of(0L, 1L, 2L), runs);
  }

  /** Methods, held against the first of them. */
  private static Comparison comparison(
      String task, List<Long> seeds, Map<String, List<Comparison.Run>> runs) {
    String first = runs.keySet().iterator().next();
    return new Comparison(
        task,
        SCORE,
        seeds,
        runs.entrySet().stream()
            .map(
                each ->
                    new Comparison.Contender(
                        each.getKey(), List.of("method=x"), first, each.getValue()))
            .toList());
  }

  private static List<Comparison.Run> runs(String method, double[] scores) {
    List<Comparison.Run> runs = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      Map<ScoreName, Double> all =
          Double.isNaN(scores[i])
              ? Map.of()
              : Map.of(
                  SCORE,
                  scores[i],
                  Measure.PROBE_ERROR_PRETRAINED,
                  0.5,
                  Measure.PROBE_ERROR,
                  0.25 + i,
                  Measure.DISCREPANCY_INITIAL,
                  2.0,
                  Measure.DISCREPANCY,
                  0.5 + i);
      runs.add(new Comparison.Run("runs/" + method + "-" + i, new Scores(all)));
    }
    return runs;
  }

  @Test
  void meansAndDeviationsLeaveOutWhatDiverged() {
    assertThat(Comparison.mean(COMPARISON.scores("plain"))).isCloseTo(0.3, within(1e-12));
    assertThat(Comparison.deviation(COMPARISON.scores("plain"))).isCloseTo(0.1, within(1e-12));
    assertThat(Comparison.mean(COMPARISON.scores("mona"))).isCloseTo(0.18, within(1e-12));
    assertThat(Comparison.mean(new double[] {Double.NaN})).isNaN();
    assertThat(Comparison.deviation(new double[] {1})).isNaN();
  }

  /** Differences -0.1 and -0.04 of the two seeds that both have: too few for an interval. */
  @Test
  void differencesAreTakenOverPairsOfEqualSeeds() {
    assertThat(COMPARISON.difference("plain")).isEmpty();
    assertThat(COMPARISON.difference("mona"))
        .hasValueSatisfying(
            d -> {
              assertThat(d.pairs()).isEqualTo(2);
              assertThat(d.mean()).isCloseTo(-0.07, within(1e-12));
              assertThat(d.interval()).isEmpty();
            });
    assertThat(comparison(Map.of("a", new double[] {1, 2, 3}), "b", new double[3]).difference("b"))
        .hasValueSatisfying(d -> assertThat(d.mean()).isCloseTo(-2, within(1e-12)));
  }

  /** b is held against a, d against c. */
  @Test
  void eachIsHeldAgainstItsOwnBaseline() throws IOException {
    Comparison comparison =
        new Comparison(
            "waves",
            SCORE,
            List.of(0L, 1L),
            List.of(
                new Comparison.Contender("a", List.of(), "a", runs("a", new double[] {1, 2})),
                new Comparison.Contender("b", List.of("x=1"), "a", runs("b", new double[] {2, 4})),
                new Comparison.Contender("c", List.of("y=1"), "c", runs("c", new double[] {5, 5})),
                new Comparison.Contender("d", List.of(), "c", runs("d", new double[] {4, 4}))));
    assertThat(comparison.compared()).containsExactly("b", "d");
    assertThat(comparison.difference("b"))
        .hasValueSatisfying(d -> assertThat(d.mean()).isEqualTo(1.5));
    assertThat(comparison.difference("c")).isEmpty();
    assertThat(comparison.difference("d"))
        .hasValueSatisfying(d -> assertThat(d.mean()).isEqualTo(-1));
    assertThat(comparison.legend())
        .contains("Differences to a, c, each for its own part")
        .doesNotContain("is that loss");
    assertThat(
            new Comparison(
                    "waves",
                    SCORE,
                    List.of(0L, 1L),
                    List.of(
                        new Comparison.Contender(
                            "a",
                            List.of("method=mona", "alignment.outer.loss=supcon"),
                            "a",
                            runs("a", new double[] {1, 2}))))
                .legend())
        .contains("L_outer of a method with another outer loss");
    assertThat(ComparisonPlot.svg(comparison))
        .contains("b: difference to a 1.500", "d: difference to c -1.000")
        .doesNotContain("c: ");
    JsonNode b = new ObjectMapper().readTree(ComparisonJson.of(comparison)).path("methods").get(1);
    assertThat(b.path("compared_with").asText()).isEqualTo("a");
    assertThat(b.path("settings").get(0).asText()).isEqualTo("x=1");
  }

  /** b is held against a, c against b: b runs with all seeds however clear its answer is. */
  @Test
  void whatOthersAreHeldAgainstIsNotEnded() {
    double[] a = {1, 2, 3, 4, 5};
    double[] b = {2.01, 3, 4, 5, 6};
    double[] c = {3, 4, 5, 6.01, 7};
    Comparison chain =
        new Comparison(
            "waves",
            SCORE,
            List.of(0L, 1L, 2L, 3L, 4L),
            List.of(
                new Comparison.Contender("a", List.of(), "a", runs("a", a)),
                new Comparison.Contender("b", List.of(), "a", runs("b", b)),
                new Comparison.Contender("c", List.of(), "b", runs("c", c)),
                new Comparison.Contender("same", List.of(), "a", runs("a", a))),
            EarlyStop.HAYBITTLE_PETO);
    assertThat(chain.ends("b")).isFalse();
    assertThat(chain.ends("c")).isTrue();
    assertThat(chain.legend()).contains("same: no difference to a so far.");
  }

  @Test
  void ofOneSeedThereAreNoDifferences() {
    Map<String, List<Comparison.Run>> runs = new LinkedHashMap<>();
    runs.put("plain", runs("plain", new double[] {0.25}));
    runs.put("mona", runs("mona", new double[] {0.125}));
    String text = comparison("waves", List.of(7L), runs).text();
    assertThat(text.lines().toList().get(3)).startsWith("mona").contains("0.1250", " -> ");
    assertThat(text)
        .contains("Seed 7 alone")
        .doesNotContain("sd", "difference ", "interval", "seeds");
  }

  @Test
  void everyRunIsARow() {
    List<String> lines = COMPARISON.cells().lines().toList();
    assertThat(lines).hasSize(8);
    assertThat(lines.get(2)).matches("plain +0 +0\\.2000 +0\\.2500 +- +- +- +0\\.5000 +-");
    assertThat(lines.get(7)).matches("mona +2 +- .*");
    assertThat(COMPARISON.text()).contains(COMPARISON.table(), COMPARISON.cells());
  }

  @Test
  void theTableHasARowForEachMethod() {
    List<String> lines = COMPARISON.table().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).startsWith("plain ");
    assertThat(lines.get(3)).startsWith("mona ");
    assertThat(COMPARISON.table())
        .contains("-0.07000", "0.5000 -> 1.250", "2.000 -> 1.500")
        .doesNotContain("..");
  }

  /** Of two equal signs one in two choices is as extreme; t of 5 and more pairs is tabulated. */
  @Test
  void theLegendSaysWhatTheNumbersAreAndHowManySeedsAreMissing() {
    assertThat(COMPARISON.legend())
        .contains("Student's t of the paired differences")
        .contains("exact sign-flip test")
        .contains("mona: 0.07000 lower than plain so far; 2 seeds are too few for an interval")
        .contains("; 4 more seeds would show such a difference");
    Comparison five = five();
    assertThat(five.legend())
        .contains("mona: 1.000 higher than plain, the interval excludes 0.")
        .doesNotContain("too few");
    // mean 1, deviation sqrt(0.025), t 2.776: 1 -+ 0.1963
    assertThat(five.table()).contains("0.8037 .. 1.196", "0.06250");
  }

  private static Comparison five() {
    Map<String, List<Comparison.Run>> runs = new LinkedHashMap<>();
    runs.put("plain", runs("plain", new double[] {1, 2, 3, 4, 5}));
    runs.put("mona", runs("mona", new double[] {2, 3.1, 3.9, 5.2, 5.8}));
    return comparison("waves", List.of(0L, 1L, 2L, 3L, 4L), runs);
  }

  @Test
  void theJsonHoldsEveryRunAndNullForWhatIsUnknown() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ComparisonJson.of(COMPARISON));
    assertThat(json.path("compared_with").asText()).isEqualTo("plain");
    assertThat(json.path("seeds")).hasSize(3);
    JsonNode mona = json.path("methods").get(1);
    assertThat(mona.path("mean").asDouble()).isCloseTo(0.18, within(1e-12));
    JsonNode difference = mona.path("difference");
    assertThat(difference.path("pairs").asInt()).isEqualTo(2);
    assertThat(difference.path("lower").isNull()).isTrue();
    assertThat(difference.path("sign_flip_p").asDouble()).isEqualTo(0.5);
    assertThat(difference.path("seeds_needed").asInt()).isEqualTo(6);
    assertThat(json.path("statistics").path("interval").asText()).startsWith("Student's t");
    assertThat(json.path("statistics").path("sign_flip_p").asText()).startsWith("exact sign-flip");
    assertThat(mona.path("runs").get(1).path(SCORE.id()).asDouble()).isEqualTo(0.26);
    assertThat(mona.path("runs").get(2).path("run").asText()).isEqualTo("runs/mona-2");
    assertThat(mona.path("runs").get(2).has(SCORE.id())).isFalse();
    Comparison one = comparison("t", List.of(5L), Map.of("a", runs("a", new double[] {0.5})));
    JsonNode single = new ObjectMapper().readTree(ComparisonJson.of(one)).path("methods").get(0);
    assertThat(single.path("deviation").isNull()).isTrue();
    assertThat(single.has("difference")).isFalse();
  }

  /** A dot a run and a red bar a method, further right the larger the error. */
  @Test
  void thePictureShowsEveryRunWhereItsScoreIs() throws Exception {
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    ComparisonPlot.svg(COMPARISON).getBytes(StandardCharsets.UTF_8)));
    NodeList dots = svg.getElementsByTagName("circle");
    assertThat(dots.getLength()).isEqualTo(5);
    double[] x = new double[5];
    for (int i = 0; i < 5; i++) {
      x[i] = Double.parseDouble(((Element) dots.item(i)).getAttribute("cx"));
    }
    // 0.2 0.3 0.4 and 0.1 0.26 on one axis
    double unit = (x[2] - x[0]) / 0.2;
    assertThat(unit).isPositive();
    assertThat(x[1] - x[0]).isCloseTo(0.1 * unit, within(0.2));
    assertThat(x[3] - x[0]).isCloseTo(-0.1 * unit, within(0.2));
    assertThat(x[4] - x[0]).isCloseTo(0.06 * unit, within(0.2));
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("waves, seeds 0, 1, 2", "plain", "mona", "test error rate (lower is better)")
        .contains(
            "mona: difference to plain -0.07000, no interval from 2 seeds, sign-flip test p 0.5000");
    assertThat(ComparisonPlot.svg(five())).contains("Student's 95 % interval 0.8037 .. 1.196");
  }

  /** Names that would end the element, run as a script or are no XML at all. */
  @Test
  void namesInThePictureAreText() throws Exception {
    String name = "<script>alert(1)</script>&\"\u001b\u0000\u202e%s";
    Comparison comparison = comparison(name, List.of(1L), Map.of(name, runs(name, new double[1])));
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    ComparisonPlot.svg(comparison).getBytes(StandardCharsets.UTF_8)));
    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("<script>alert(1)</script>&\"\\u001b\\u0000\\u202e%s");
  }

  @Test
  void everyMethodNeedsARunForEverySeed() {
    assertThatThrownBy(
            () -> comparison("t", List.of(1L, 2L), Map.of("a", runs("a", new double[1]))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

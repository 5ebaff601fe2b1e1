package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mona.StoredJson;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.metric.MetricKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

  private static Answer answer(MetricKind metric, double error, JsonNode predictions, long n) {
    return Answer.of(new Scores(Map.of(new ScoreName.Test(metric), error)), predictions, n);
  }

  /**
   * The ends of Wilson's interval are where the score test just does not refuse: (p - q)^2 = z^2 q
   * (1 - q) / n.
   */
  @ParameterizedTest
  @CsvSource({"0.455, 200", "0.02, 50", "0.9, 1000", "0.5, 2"})
  void theIntervalSolvesTheScoreTest(double part, long n) {
    for (double end : Answer.wilson(part, n)) {
      double z = (part - end) / Math.sqrt(end * (1 - end) / n);
      assertThat(Math.abs(z)).isCloseTo(Answer.NORMAL, within(1e-9));
    }
  }

  @Test
  void noMistakeIsNoCertainty() {
    double z = Answer.NORMAL * Answer.NORMAL;
    assertThat(Answer.wilson(0, 30)[0]).isCloseTo(0, within(1e-15));
    assertThat(Answer.wilson(0, 30)[1]).isCloseTo(z / (30 + z), within(1e-12));
    assertThat(Answer.wilson(1, 30)[1]).isCloseTo(1, within(1e-15));
  }

  @Test
  void anErrorRateIsHeldAgainstTheMostFrequentClass() throws Exception {
    JsonNode counts = StoredJson.tree("{\"classes\": [[50, 10, 0], [20, 20, 0]]}");
    Answer answer = answer(MetricKind.ERROR_RATE, 0.3, counts, 7);
    assertThat(answer.value()).isEqualTo("30.0 %");
    assertThat(answer.spread()).endsWith("for 100 test samples");
    assertThat(answer.against()).isEqualTo("40.0 % for always the most frequent class");
    assertThat(answer(MetricKind.ERROR_RATE, 0.3, MissingNode.getInstance(), 7).spread())
        .endsWith("for 7 test samples");
  }

  @Test
  void fieldsAreHeldAgainstZerosAndSpreadOverSamples() throws Exception {
    JsonNode errors = StoredJson.tree("{\"errors\": [0.1, 0.2, 0.3]}");
    Answer answer = answer(MetricKind.RELATIVE_L2, 0.2, errors, 9);
    assertThat(answer.value()).isEqualTo("0.2000");
    assertThat(answer.spread()).isEqualTo("standard deviation over samples 0.1000 (of 3)");
    assertThat(answer.against()).startsWith("1 for");
  }

  @Test
  void whatHasNoSpreadSaysSo() {
    Answer answer = answer(MetricKind.MACRO_F1, 0.25, MissingNode.getInstance(), 9);
    assertThat(answer.name()).isEqualTo("1 - macro-f1");
    assertThat(answer.spread()).contains("mona compare");
    assertThat(answer.against()).isEmpty();
    assertThat(Answer.of(Scores.NONE, MissingNode.getInstance(), 9).error()).isNaN();
  }
}

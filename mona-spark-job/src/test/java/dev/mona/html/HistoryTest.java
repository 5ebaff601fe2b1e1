package dev.mona.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import dev.mona.events.WallTime;
import dev.mona.learner.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static List<JsonNode> lines(String... lines) throws Exception {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : lines) {
      nodes.add(StoredJson.tree(line.replace('\'', '"')));
    }
    return nodes;
  }

  /** Two epochs of warm-up of two rounds each, one of finetuning of one round. */
  private static History small() throws Exception {
    return History.of(
        lines(
            "{'stage':'warmup','epoch':0,'validation_seconds':5,'measures_seconds':1,'metrics':{'loss':3}}",
            "{'stage':'warmup','epoch':1,'validation_seconds':6,'measures_seconds':2,'metrics':{'loss':2}}",
            "{'stage':'finetuning','epoch':0,'validation_seconds':7,'metrics':{'loss':null,'validation_error':0.5}}",
            "{'stage':'somewhere','epoch':0}"),
        lines(
            "{'stage':'warmup','epoch':0,'round':0,'of_rounds':2,'seconds':10,'metrics':{'averaging_seconds':4}}",
            "{'stage':'warmup','epoch':0,'round':1,'of_rounds':2,'seconds':11,'metrics':{'averaging_seconds':4}}",
            "{'stage':'warmup','epoch':1,'round':0,'of_rounds':2,'seconds':12,'metrics':{'averaging_seconds':4}}",
            "{'stage':'warmup','epoch':1,'round':1,'of_rounds':2,'seconds':13,'metrics':{'averaging_seconds':99}}",
            "{'stage':'finetuning','epoch':0,'round':0,'of_rounds':1,'seconds':14,'metrics':{}}"));
  }

  @Test
  void stagesFollowOneAnotherOnOneAxis() throws Exception {
    History history = small();
    assertThat(history.stages()).containsExactly(Stage.WARMUP, Stage.FINETUNING);
    assertThat(history.epochs().stream().mapToDouble(History.Epoch::end))
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(history.rounds().stream().mapToDouble(History.Round::end))
        .containsExactly(0.5, 1.0, 1.5, 2.0, 3.0);
    assertThat(history.epochs().get(2).figure("loss")).isNaN();
    assertThat(history.has("validation_error")).isTrue();
    assertThat(history.has("loss_of_nobody")).isFalse();
  }

  @Test
  void aRoundsTimeIsLocalStepsAveragingAndWhatFollowsItsEpoch() throws Exception {
    TimeSection time = new TimeSection(small(), WallTime.UNKNOWN);
    assertThat(time.bars(1))
        .isDeepEqualTo(
            new double[][] {
              {6, 4, 0, 0}, {7, 4, 5, 1}, {8, 4, 0, 0}, {0, 13, 6, 2}, {14, 0, 7, 0}
            });
    assertThat(time.bars(2))
        .isDeepEqualTo(new double[][] {{13, 8, 5, 1}, {8, 17, 6, 2}, {14, 0, 7, 0}});
  }
}

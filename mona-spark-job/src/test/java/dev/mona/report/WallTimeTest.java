package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.events.Spending;
import dev.mona.events.WallTime;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the time went, as {@link WallTimeLine} and {@link WallTimeJson}. */
class WallTimeTest {
  private static final WallTime TIME =
      new WallTime(
          Map.of(
              Spending.UNTIL_READY, 12.25, Spending.LOCAL_STEPS, 75.0, Spending.AVERAGING, 12.75));

  @Test
  void theLineBeginsWithWhatTookLongest() {
    assertThat(WallTimeLine.of(TIME))
        .isEqualTo(
            "wall time 100.0 s: local steps 75.0 s (75 %), averaging 12.8 s, until ready 12.3 s\n");
    assertThat(WallTimeLine.of(WallTime.UNKNOWN)).isEmpty();
  }

  private static WallTime read(String json) throws IOException {
    return WallTimeJson.of(new ObjectMapper().readTree(json));
  }

  @Test
  void whatIsNoTimeIsLeftOut() throws IOException {
    assertThat(read("{\"wall_seconds\": {\"averaging\": 12.75, \"local_steps\": 75}}").seconds())
        .isEqualTo(Map.of(Spending.AVERAGING, 12.75, Spending.LOCAL_STEPS, 75.0));
    for (String other :
        new String[] {
          "{}",
          "{\"wall_seconds\": 3}",
          "{\"wall_seconds\": {\"averaging\": \"x\", \"local_steps\": -1, \"measures\": 1e999}}"
        }) {
      assertThat(read(other)).as(other).isEqualTo(WallTime.UNKNOWN);
    }
  }
}

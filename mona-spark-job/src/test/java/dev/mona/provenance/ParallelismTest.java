package dev.mona.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParallelismTest {
  private static final Parallelism STARTED =
      new Parallelism(1, List.of("2"), List.of("2", "unset"));

  /** Of a run with these numbers of partitions in the entries of its starts; 0 for none. */
  private static Optional<JsonNode> facts(int... starts) {
    Map<String, Object> facts = new LinkedHashMap<>();
    STARTED.describe(facts);
    List<Map<String, Object>> entries = new ArrayList<>();
    for (int number : starts) {
      Map<String, Object> entry = new LinkedHashMap<>();
      if (number > 0) {
        new Parallelism(number, List.of(), List.of()).describe(entry);
      }
      entries.add(entry);
    }
    facts.put("starts", entries);
    return Optional.of(new ObjectMapper().valueToTree(facts));
  }

  private static MonaConfig config(int partitions, String... more) {
    String text = "task { name = t, data = d }\nrun.partitions = " + partitions + "\n";
    return ConfigLayers.start().text("test", text + String.join("\n", more)).load();
  }

  @Test
  void aRunGoesOnWithThePartitionsItWasStartedWith() {
    assertThat(Parallelism.started(facts(), config(0), "runs/a")).hasValue(1);
    assertThat(Parallelism.started(facts(), config(1), "runs/a")).hasValue(1);
    assertThat(Parallelism.started(Optional.empty(), config(4), "runs/a")).isEmpty();
    assertThatThrownBy(() -> Parallelism.started(facts(), config(4), "runs/a"))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "runs/a was trained with 1 partitions and run.partitions is 4 now: leave it out to go"
                + " on with 1, set run.repartition to go on with 4 and another result, or start a"
                + " new run");
  }

  @Test
  void aRunMayTakeAnotherNumberFromThenOn() {
    MonaConfig four = config(4, "run.repartition = true");
    assertThat(Parallelism.started(facts(), four, "runs/a")).hasValue(4);
    assertThat(Parallelism.started(facts(4), config(0), "runs/a")).hasValue(4);
    assertThat(Parallelism.started(facts(4, 2), config(0), "runs/a")).hasValue(2);
    assertThat(Parallelism.last(facts(4, 2))).hasValue(2);
    // a start of a version that kept one number for all
    assertThat(Parallelism.last(facts(0))).hasValue(1);
    assertThat(Parallelism.last(Optional.empty())).isEmpty();
    // the number in the run's own configuration
    assertThat(Parallelism.started(facts(4, 2), config(1), "runs/a")).hasValue(2);
    assertThat(Parallelism.started(facts(4, 2), config(1, "run.repartition = true"), "runs/a"))
        .hasValue(1);
    assertThatThrownBy(() -> Parallelism.started(facts(4, 2), config(3), "runs/a"))
        .hasMessageStartingWith(
            "runs/a was trained with 2 partitions and run.partitions is 3 now: ");
  }

  @Test
  void otherThreadsAreRefusedWithBothNumbers() {
    STARTED.requireSame(facts(), "runs/a");
    STARTED.requireSame(Optional.empty(), "runs/a");
    assertThatThrownBy(
            () ->
                new Parallelism(1, List.of("4"), List.of("2", "unset"))
                    .requireSame(facts(), "runs/a"))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith(
            "runs/a was started with 2 native threads a task and tasks have 4 now: ");
    assertThatThrownBy(
            () -> new Parallelism(1, List.of("2"), List.of("2")).requireSame(facts(), "runs/a"))
        .hasMessageStartingWith(
            "runs/a was started with OMP_NUM_THREADS 2 and unset and tasks have 2 now: ");
  }

  /** OpenMP takes a list with blanks, and an environment may hold anything. */
  @Test
  void anyEnvironmentIsTheSameAsItself() {
    Parallelism odd = new Parallelism(1, List.of("8"), List.of(" 4, 2", "A\n"));
    Map<String, Object> facts = new LinkedHashMap<>();
    odd.describe(facts);
    Optional<JsonNode> stored = Optional.of(new ObjectMapper().valueToTree(facts));
    odd.requireSame(stored, "runs/a");
    assertThatThrownBy(
            () -> new Parallelism(1, List.of("8"), List.of("unset")).requireSame(stored, "runs/a"))
        .hasMessageContaining("OMP_NUM_THREADS  4, 2 and A\\u000a and tasks have unset now");
  }
}

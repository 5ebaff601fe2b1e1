package dev.mona.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParallelismTest {
  private static final Parallelism STARTED =
      new Parallelism(1, List.of("2"), List.of("2", "unset"));

  private static Optional<JsonNode> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    STARTED.describe(facts);
    return Optional.of(new ObjectMapper().valueToTree(facts));
  }

  private static MonaConfig config(int partitions) {
    String text = "task { name = t, data = d }\nrun.partitions = " + partitions;
    return ConfigLayers.start().text("test", text).load();
  }

  @Test
  void aRunGoesOnWithThePartitionsItWasStartedWith() {
    assertThat(Parallelism.started(facts(), config(0), "runs/a")).hasValue(1);
    assertThat(Parallelism.started(facts(), config(1), "runs/a")).hasValue(1);
    assertThat(Parallelism.started(Optional.empty(), config(4), "runs/a")).isEmpty();
    assertThatThrownBy(() -> Parallelism.started(facts(), config(4), "runs/a"))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "runs/a was started with 1 partitions and run.partitions is 4 now: leave it out to go"
                + " on with 1, or start a new run");
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

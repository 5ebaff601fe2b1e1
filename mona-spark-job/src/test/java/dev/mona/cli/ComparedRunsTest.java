package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.config.MonaConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.metric.MetricKind;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs a comparison begins, with runs whose errors are a formula of arm and seed. */
class ComparedRunsTest {
  @TempDir private Path folder;
  private final List<String> begun = new ArrayList<>();
  private Path task;
  private boolean fails;

  @BeforeEach
  void task() throws IOException {
    task = folder.resolve("task.conf");
    Files.writeString(task, JobFolder.task("/nowhere"));
  }

  /** finetune is 0.1 better but for a thousandth, mona now better and now worse. */
  private static double error(String method, long seed) {
    double shared = 0.3 + 0.02 * seed;
    return switch (method) {
      case "finetune" -> shared - 0.1 + 0.001 * (seed % 2);
      case "mona" -> shared + (seed % 2 == 0 ? 0.05 : -0.04);
      default -> shared;
    };
  }

  private Commands formula() {
    return (Commands)
        Proxy.newProxyInstance(
            Commands.class.getClassLoader(),
            new Class<?>[] {Commands.class},
            (proxy, method, arguments) -> {
              if (fails) {
                throw new IllegalStateException("the power is cut");
              }
              MonaConfig config = (MonaConfig) arguments[1];
              begun.add(config.run().id());
              double error = error(config.method().id(), config.run().seed());
              ScoreName score = new ScoreName.Test(MetricKind.ERROR_RATE);
              return new RunEnded(
                  "file:/nowhere/" + config.run().id(),
                  StopReason.COMPLETED,
                  1,
                  new Scores(Map.of(score, error)),
                  WallTime.UNKNOWN);
            });
  }

  private CommandRun compare(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "compare",
                "--task",
                task.toString(),
                "--output",
                folder.resolve("runs").toString(),
                "--methods",
                "warmup-finetune,mona,finetune"));
    all.addAll(List.of(more));
    return CommandRun.of(formula(), all.toArray(String[]::new));
  }

  private JsonNode written() throws IOException {
    Path file = folder.resolve("runs/comparison-waves/comparison.json");
    return new ObjectMapper().readTree(Files.readString(file));
  }

  /** finetune has its answer after five seeds; mona and the baseline run with all eight. */
  @Test
  void aMethodWhoseDifferenceIsBeyondDoubtEnds() throws IOException {
    CommandRun run = compare("--seeds", "0,1,2,3,4,5,6,7", "--early-stop", "haybittle-peto");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(begun).hasSize(8 + 8 + 5).contains("waves-finetune-4", "waves-mona-7");
    assertThat(begun).doesNotContain("waves-finetune-5");
    assertThat(run.out())
        .contains("finetune: 0.09960 lower than warmup-finetune, the interval excludes 0.")
        .contains("Means of methods that ended early are over fewer seeds")
        .contains("finetune: 0.09960 lower than warmup-finetune; ended after 5 seeds")
        .contains(
            "mona: 0.005000 higher than warmup-finetune so far; the interval holds 0, so that");
    JsonNode json = written();
    assertThat(json.path("statistics").path("early_stop").asText()).isEqualTo("haybittle-peto");
    assertThat(json.path("methods").get(1).path("ended_early").asBoolean()).isFalse();
    assertThat(json.path("methods").get(2).path("ended_early").asBoolean()).isTrue();
    assertThat(json.path("methods").get(2).path("runs")).hasSize(5);

    List<String> first = List.copyOf(begun);
    begun.clear();
    compare("--seeds", "0,1,2,3,4,5,6,7", "--early-stop", "haybittle-peto");
    assertThat(begun).as("the same once more").isEqualTo(first);
  }

  @Test
  void withoutARuleAllRunWithAllSeeds() throws IOException {
    assertThat(compare("--seeds", "0,1,2,3,4,5").code()).isZero();
    assertThat(begun).hasSize(18);
    assertThat(written().path("methods").get(2).path("ended_early").asBoolean()).isFalse();
  }

  @Test
  void aRuleIsNotChosenAfterwards() {
    assertThat(compare("--seeds", "0,1").code()).isZero();
    begun.clear();
    CommandRun changed = compare("--seeds", "0,1,2", "--early-stop", "haybittle-peto");
    assertThat(changed.code()).isEqualTo(3);
    assertThat(changed.err())
        .contains("--early-stop is haybittle-peto and ", "comparison-waves began with 'none'");
    assertThat(begun).isEmpty();
  }

  /** It had its answer with the last seed and lost none. */
  @Test
  void aMethodThatRanWithAllSeedsHasNotEndedEarly() throws IOException {
    CommandRun run = compare("--seeds", "0,1,2,3,4", "--early-stop", "haybittle-peto");
    assertThat(begun).hasSize(15);
    assertThat(run.out()).doesNotContain("ended");
    assertThat(written().path("methods").get(2).path("ended_early").asBoolean()).isFalse();
  }

  /** The rule is there before the first seed, so that no other one is chosen once scores are. */
  @Test
  void aComparisonThatDiedKeepsItsRule() throws IOException {
    fails = true;
    assertThat(compare("--seeds", "0,1", "--early-stop", "haybittle-peto").code()).isNotZero();
    fails = false;
    assertThat(written().path("seeds")).isEmpty();
    assertThat(compare("--seeds", "0,1").err()).contains("began with 'haybittle-peto'");
    assertThat(compare("--seeds", "0,1", "--early-stop", "haybittle-peto").code()).isZero();
  }

  @Test
  void rulesAndProcessesAreOfWhatRuns() {
    for (String option : List.of("--early-stop=haybittle-peto", "--processes=2")) {
      CommandRun run = CommandRun.of(formula(), "compare", "some/run", option);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--processes and --early-stop are of methods that run");
    }
  }

  /** After each seed but the last: what the pairs so far say, and how many more it would take. */
  @Test
  void afterEachSeedItSaysHowManyMoreItWouldTake() {
    String out = compare("--seeds", "0,1,2").out();
    assertThat(out.split("Sign-flip p: ", -1)).hasSize(3);
    assertThat(out)
        .contains("mona: 0.005000 higher than warmup-finetune so far; 2 seeds are too few")
        .contains(
            "finetune: 0.09967 lower than warmup-finetune so far; 3 seeds are too few for an"
                + " interval; 2 more seeds would show such a difference.");
  }
}

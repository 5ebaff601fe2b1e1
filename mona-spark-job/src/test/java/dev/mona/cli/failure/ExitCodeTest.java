package dev.mona.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.MonaException;
import dev.mona.cli.CommandRun;
import dev.mona.cli.FakeCommands;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCodeTest {
  private static final String[] TRAIN = {"train", "--set", "task.name=t", "--set", "task.data=d"};

  private final FakeCommands commands = new FakeCommands();

  private CommandRun train(String... more) {
    String[] all = Arrays.copyOf(TRAIN, TRAIN.length + more.length);
    System.arraycopy(more, 0, all, TRAIN.length, more.length);
    return CommandRun.of(commands, all);
  }

  @Test
  void codesAreDistinct() {
    assertThat(ExitCode.values()).extracting(ExitCode::code).doesNotHaveDuplicates();
    assertThat(Arrays.stream(MonaException.Category.values()).map(ExitCode::of))
        .doesNotHaveDuplicates();
  }

  @Test
  void successPrintsTheResult() {
    CommandRun run = train();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            run runs/r1 ended: COMPLETED
            score              value
            ---------------  -------
            test_error_rate  0.08900
            wall time 60.0 s: local steps 60.0 s (100 %)
            """);
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyCategoryHasItsCodeAndOneSentence(MonaException.Category category) {
    commands.failure = new MonaException(category, "the sentence");
    CommandRun run = train();
    assertThat(run.code()).isEqualTo(ExitCode.of(category).code()).isGreaterThan(2);
    assertThat(run.err()).isEqualTo("mona: the sentence\n");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void failureOfATaskKeepsItsCategory() {
    commands.failure =
        new IllegalStateException(
            "Job aborted", new RuntimeException("stage", MonaException.data("bad label")));
    CommandRun run = train();
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).isEqualTo("mona: bad label\n");
  }

  @Test
  void divergenceHasItsOwnCode() {
    commands.diverges = true;
    CommandRun run = train();
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.out()).startsWith("run runs/r1 ended: DIVERGED\n");
  }

  @Test
  void unforeseenFailureShowsItsTraceOnRequestOnly() {
    commands.failure = new IllegalStateException("boom");
    CommandRun quiet = train();
    assertThat(quiet.code()).isEqualTo(1);
    assertThat(quiet.err().lines()).hasSize(1);
    assertThat(quiet.err()).contains("boom", "--verbose");
    CommandRun verbose = train("--verbose");
    assertThat(verbose.code()).isEqualTo(1);
    assertThat(verbose.err()).contains("boom", "\tat dev.mona.cli.failure.ExitCodeTest");
  }

  @Test
  void exhaustedMemoryIsAFailureOfTheEnvironment() {
    commands.error = new OutOfMemoryError("Java heap space");
    assertThat(train().code()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "trian",
        "train --configg x",
        "train --resume r --task dna",
        "evaluate",
        "predict r",
        "convert in",
        "inspect",
        "convert in --output out --one-hot many"
      })
  void usageErrorsPointToTheHelp(String line) {
    CommandRun run = CommandRun.of(commands, line.isEmpty() ? new String[0] : line.split(" ", -1));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--help").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
    assertThat(commands.configs).isEmpty();
  }

  @Test
  void helpOfEveryCommandListsTheCodes() {
    for (String command :
        new String[] {
          "train",
          "evaluate",
          "predict",
          "embed",
          "export",
          "validate",
          "inspect",
          "convert",
          "convert-weights"
        }) {
      CommandRun run = CommandRun.of(commands, command, "--help");
      assertThat(run.code()).as(command).isZero();
      for (ExitCode code : ExitCode.values()) {
        assertThat(run.out())
            .as(command)
            .containsPattern(
                "(?m)^\\s*"
                    + code.code()
                    + "\\s+"
                    + ExitCode.list().get(String.valueOf(code.code())));
      }
    }
  }
}

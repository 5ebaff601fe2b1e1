package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code generate-completion} prints, in bash. */
class CompletionTest {
  /** Calls what bash has registered for the first word as it does when TAB is pressed. */
  private static final String TAB =
      """
      compopt() { :; } # bash has it while it completes
      source "$1" && shift
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      registered=$(complete -p "${1##*/}") || exit 1
      [[ $registered =~ -F\\ ([^ ]+) ]] || exit 1
      "${BASH_REMATCH[1]}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  private static Path script;

  @BeforeAll
  static void generate(@TempDir Path scratch) throws IOException {
    CommandRun run = CommandRun.of(new FakeCommands(), "generate-completion");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    script = Files.writeString(scratch.resolve("completion.sh"), run.out());
  }

  private static List<String> completed(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", TAB, "bash", script.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said.lines().map(String::strip).toList();
  }

  @Test
  void commandsAreCompleted() throws Exception {
    assertThat(completed("mona", "tra")).containsExactly("train");
    assertThat(completed("deploy/local/mona", "conv"))
        .containsExactlyInAnyOrder("convert", "convert-weights");
  }

  @Test
  void optionsAreCompleted() throws Exception {
    assertThat(completed("mona", "train", "--re")).containsExactly("--resume");
    assertThat(completed("mona", "inspect", "--js")).containsExactly("--json");
    assertThat(completed("mona", "doctor", "--engine", "TO")).containsExactly("TORCH");
  }

  @Test
  void tasksHaveNames() {
    List<String> names = new ArrayList<>();
    new TaskNames(Path.of("../conf/tasks")).forEach(names::add);
    assertThat(names).contains("accel_hmp", "ecg").isSorted();
    assertThat(new TaskNames(Path.of("none"))).isEmpty();
  }
}

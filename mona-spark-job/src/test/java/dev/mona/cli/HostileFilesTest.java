package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run directories, weights and addresses that somebody else made. */
class HostileFilesTest {
  private static final String ESCAPES = "\u001b[2J\u001b]0;title\u0007\u009b31m\u202elive\u202c\r.";
  private static final String OBEYED =
      "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e]";

  private final FakeCommands commands = new FakeCommands();
  private final Path directory;

  HostileFilesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path run(String config) throws IOException {
    Path run = directory.resolve("runs/r1");
    Files.createDirectories(run.resolve("metrics"));
    Files.writeString(run.resolve("config.conf"), "task.name = t\ntask.data = d\n" + config);
    return run;
  }

  private CommandRun mona(Object... arguments) {
    return CommandRun.of(
        commands, List.of(arguments).stream().map(String::valueOf).toArray(String[]::new));
  }

  @Test
  void namesInAHeaderOfWeightsAreShownAndNotObeyed() throws IOException {
    Path file = directory.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(
          out,
          List.of(new WeightTensor("a" + ESCAPES + "\nb", new long[] {1}, new float[1])),
          Map.of("key" + ESCAPES, "value\nmetadata forged = 1" + ESCAPES));
    }
    CommandRun shown = mona("inspect", file);
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out()).doesNotContainPattern(OBEYED).contains("\\u001b[2J", "\\u202elive");
    assertThat(shown.out().lines()).hasSize(5).noneMatch(l -> l.startsWith("metadata forged"));
  }

  @Test
  void whatARunHoldsIsShownAndNotObeyed() throws IOException {
    Path run = run("# " + ESCAPES + "\nrun.id = \"" + ESCAPES.replace("\u0007", "") + "\"\n");
    Files.writeString(
        run.resolve("provenance.json"),
        "{\"a\\u001b[2J\": \"x\\u009b\\n_SUCCESS\\u202e\", \"b\": [\"\\u001b\"]}");
    Files.writeString(
        run.resolve("metrics/epochs.jsonl"),
        "{\"stage\":\"\\u001b[2J\\n\",\"epoch\":0,\"metrics\":{\"\\u001b\":1}}\n");
    CommandRun shown = mona("inspect", run);
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .doesNotContainPattern(OBEYED)
        .contains("x\\u009b\\u000a_SUCCESS\\u202e");
    CommandRun refused = mona("evaluate", run);
    assertThat(refused.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(refused.err()).doesNotContainPattern(OBEYED);
    Files.writeString(run.resolve("metrics/summary.json"), "{\"method\": \"\\u001b[2J\\n\"}");
    assertThat(mona("compare", run).out())
        .doesNotContainPattern(OBEYED)
        .contains("\\u001b[2J\\u000a");
  }

  /** Every command that reads the configuration of a run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"http://127.0.0.1:1/x.conf\")",
        "run.output = \"http://127.0.0.1:1/\"${PATH}",
        "run.seed = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void aConfigurationThatIsNoListOfValuesIsRefused(String line) throws IOException {
    Path run = run(line);
    for (CommandRun refused :
        List.of(
            mona("evaluate", run),
            mona("predict", run, "--output", directory.resolve("p")),
            mona("embed", run, "--output", directory.resolve("e")),
            mona("train", "--resume", run),
            mona("validate", "--resume", run))) {
      assertThat(refused.code()).isEqualTo(ExitCode.CONFIGURATION.code());
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err()).startsWith("mona: ").doesNotContain(System.getenv("PATH"));
    }
    assertThat(commands.configs).isEmpty();
    assertThat(commands.requests).isEmpty();
  }

  @Test
  void jsonOfARunIsBounded() throws IOException {
    Path run = run("");
    for (String json :
        List.of(
            "[".repeat(100_000),
            "{\"a\":".repeat(33) + "1" + "}".repeat(33),
            "{\"a\":1,\"a\":2}")) {
      Files.writeString(run.resolve("metrics/summary.json"), json);
      Files.writeString(run.resolve("provenance.json"), json);
      for (CommandRun refused : List.of(mona("compare", run), mona("inspect", run))) {
        assertThat(refused.code()).as(json).isEqualTo(ExitCode.STORAGE.code());
        assertThat(refused.err().lines()).hasSize(1).allMatch(l -> l.contains(" is no JSON ("));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h/x", "ftp://h/x", "jar:file:/x!/y", "data:,x", "har://h/x"})
  void addressesOfOtherSchemesAreRefused(String address) throws IOException {
    String run = run("").toString();
    for (CommandRun refused :
        List.of(
            mona("train", "--resume", address),
            mona("train", "--config", address),
            mona("train", "--set", "task.name=t", "--set", "task.data=d", "--output", address),
            mona("evaluate", address),
            mona("evaluate", run, "--data", address),
            mona("predict", run, "--output", address),
            mona("embed", run, "--output", address),
            mona("export", run, "--onnx", address),
            mona("inspect", address),
            mona("compare", address),
            mona("convert", address, "--output", "o"),
            mona("convert", "i", "--output", address),
            mona("convert-weights", address, "--output", "o"),
            mona("convert-weights", "i", "--output", address))) {
      assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.CONFIGURATION.code());
      assertThat(refused.err()).contains(address).contains("file system");
      assertThat(refused.err().lines()).hasSize(1);
    }
    assertThat(commands.configs).isEmpty();
    assertThat(commands.requests).isEmpty();
  }
}

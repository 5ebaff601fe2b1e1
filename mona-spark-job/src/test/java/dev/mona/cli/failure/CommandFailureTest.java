package dev.mona.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.cli.FakeCommands;
import dev.mona.cli.Main;
import dev.mona.cli.Mona;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandFailureTest {
  private static final String[] TRAIN = {"train", "--set", "task.name=t", "--set", "task.data=d"};

  private final FakeCommands commands = new FakeCommands();
  private final StringWriter err = new StringWriter();

  private CommandLine line() {
    return Mona.commandLine(commands, new Configuration())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err));
  }

  @Test
  void carriesTheCodeAndTheSentenceInOneLine() {
    commands.failure = MonaException.data("row 3 has no label:\n  - add one");
    assertThatThrownBy(() -> Main.runReported(line(), TRAIN))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("mona failed: row 3 has no label: - add one (exit code 4)");
    assertThat(err.toString()).startsWith("mona: row 3 has no label:");
  }

  @Test
  void successThrowsNothing() {
    Main.runReported(line(), TRAIN);
    assertThat(err.toString()).isEmpty();
    assertThat(commands.configs).hasSize(1);
  }

  @Test
  void onlyADriverInYarnsContainerReports() {
    Properties properties = new Properties();
    assertThat(CommandFailure.isReported(properties)).isFalse();
    properties.setProperty("spark.master", "yarn");
    properties.setProperty("spark.submit.deployMode", "client");
    assertThat(CommandFailure.isReported(properties)).isFalse();
    properties.setProperty("spark.submit.deployMode", "cluster");
    assertThat(CommandFailure.isReported(properties)).isTrue();
    properties.setProperty("spark.master", "k8s://https://example.org");
    assertThat(CommandFailure.isReported(properties)).isFalse();
  }
}

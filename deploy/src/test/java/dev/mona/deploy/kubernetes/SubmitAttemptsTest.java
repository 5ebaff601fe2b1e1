package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --attempts} of the submit scripts, before a spark-submit that only plays drivers. */
class SubmitAttemptsTest {
  private static final Duration MOST = Duration.ofMinutes(1);

  /** The line of each call is the exit code of the driver then, {@code -} for none. */
  private static final String PLAYS =
      """
      #!/usr/bin/env bash
      cd FOLDER
      printf '%s\\n' "$*" >> calls.txt
      code=$(sed -n "$(wc -l < calls.txt)p" codes.txt)
      [[ $code == - ]] || echo "container exited (exit code: $code)"
      """;

  @TempDir Path folder;

  private Running submit(String script, String... arguments) throws IOException {
    Path spark = folder.resolve("bin/spark-submit");
    Files.createDirectories(spark.getParent());
    Files.writeString(spark, PLAYS.replace("FOLDER", folder.toString()));
    Files.setPosixFilePermissions(spark, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("mona.jar"), "");
    List<String> command = new ArrayList<>();
    command.add(Installation.home().resolve("deploy").resolve(script).toString());
    command.addAll(List.of(arguments));
    return Running.start(
        folder.resolve("log"),
        Map.of(
            "SPARK_HOME",
            folder.toString(),
            "HADOOP_CONF_DIR",
            folder.toString(),
            "MONA_JAR",
            folder.resolve("mona.jar").toString()),
        command);
  }

  private int kubernetes(String codes, String... arguments) throws IOException {
    Files.writeString(folder.resolve("codes.txt"), codes.replace(' ', '\n') + "\n");
    Files.deleteIfExists(folder.resolve("calls.txt"));
    List<String> all =
        new ArrayList<>(List.of("--master", "k8s://https://localhost:1", "--image", "mona"));
    all.addAll(List.of(arguments));
    try (Running running = submit("kubernetes/submit.sh", all.toArray(String[]::new))) {
      return running.await(MOST);
    }
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls.txt"));
  }

  @Test
  void aDriverThatWasStoppedOrLostIsFollowedByOneThatGoesOn() throws IOException {
    String[] train = {"--attempts", "4", "--", "train", "--task", "t", "--set", "run.id=a"};
    assertThat(kubernetes("7 - 137 0", train)).isZero();
    assertThat(calls())
        .hasSize(4)
        .allMatch(call -> call.endsWith("train --task t --set run.id=a --set run.resume=auto"));
    assertThat(kubernetes("7 4 0", train)).as("data that are refused").isEqualTo(4);
    assertThat(calls()).hasSize(2);
    assertThat(kubernetes("7 7 7 7 0", train)).isEqualTo(7);
    assertThat(calls()).hasSize(4);
  }

  @Test
  void oneAttemptIsLeftAsItIs() throws IOException {
    assertThat(kubernetes("7 0", "--", "train", "--task", "t")).isEqualTo(7);
    assertThat(calls()).hasSize(1).noneMatch(call -> call.contains("run.resume"));
    assertThat(kubernetes("0", "--attempts", "2", "--", "train", "--task", "t")).isEqualTo(2);
  }

  @Test
  void yarnIsToldTheAttemptsAndTheRunToContinue() throws IOException {
    Files.writeString(folder.resolve("codes.txt"), "0\n");
    try (Running running =
        submit("yarn/submit.sh", "--attempts", "3", "--", "train", "--set", "run.id=a")) {
      assertThat(running.await(MOST)).as(running::tail).isZero();
    }
    assertThat(calls())
        .singleElement()
        .asString()
        .contains("spark.yarn.maxAppAttempts=3")
        .endsWith("train --set run.id=a --set run.resume=auto");
    try (Running unnamed = submit("yarn/submit.sh", "--attempts", "3", "--", "train")) {
      assertThat(unnamed.await(MOST)).isEqualTo(3);
      assertThat(unnamed.output()).contains("add --set run.id=NAME");
    }
  }
}

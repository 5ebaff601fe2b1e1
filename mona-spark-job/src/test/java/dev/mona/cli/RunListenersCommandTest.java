package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunListenersCommandTest {
  /** No data set is looked for and no directory made: it is found before Spark starts. */
  @Test
  void aClassThatIsNotThereEndsTheCommandBeforeAnythingStarts(@TempDir Path folder)
      throws IOException {
    Path task =
        Files.writeString(folder.resolve("t.conf"), "task { name = t, data = \"no/such/set\" }\n");
    CommandRun run =
        CommandRun.of(
            new JobCommands(new Configuration()),
            "train",
            "--task",
            task.toString(),
            "--output",
            folder.resolve("runs").toString(),
            "--set",
            "run.listeners=no.such.Listener");
    assertThat(run.err())
        .isEqualTo(
            "mona: run.listeners names no.such.Listener, which is not on the driver's class path:"
                + " name its jar in MONA_CLASSPATH, or give it to spark-submit with --jars\n");
    assertThat(run.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("runs")).doesNotExist();
  }
}

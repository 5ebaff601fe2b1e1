package dev.mona.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExhaustedMemoryTest {
  private static final int HUNGRY = 1;

  /** A process with a thread that fails, in one way or the other. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] arguments) throws InterruptedException {
      ExhaustedMemory.watch();
      Thread worker = new Thread(() -> fail(arguments.length == HUNGRY), "worker");
      worker.start();
      worker.join();
      if (arguments.length == HUNGRY) {
        // as a driver does whose result never comes
        Thread.sleep(TimeUnit.HOURS.toMillis(1));
      }
    }

    private static void fail(boolean hungry) {
      List<long[]> held = new ArrayList<>();
      while (hungry) {
        held.add(new long[1 << 20]);
      }
      throw new IllegalStateException("something else, " + held.size());
    }
  }

  private static int run(Path home, String... arguments) throws IOException, InterruptedException {
    Process process =
        JavaProcess.start(home, List.of("-Xmx64m"), Failing.class.getName(), List.of(arguments));
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aThreadWithoutMemoryEndsTheProcessWithASentence(@TempDir Path home) throws Exception {
    assertThat(run(home, "hungry")).isEqualTo(ExitCode.ENVIRONMENT.code());
    assertThat(JavaProcess.log(home))
        .contains("mona: the memory of the Java heap does not suffice");
  }

  @Test
  void otherFailuresOfAThreadAreItsOwn(@TempDir Path home) throws Exception {
    assertThat(run(home)).isZero();
    assertThat(JavaProcess.log(home))
        .contains("Exception in thread \"worker\" java.lang.IllegalStateException: something else");
  }
}

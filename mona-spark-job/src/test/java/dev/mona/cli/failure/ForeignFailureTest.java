package dev.mona.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.mona.cli.CommandRun;
import dev.mona.cli.FakeCommands;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What others throw, as it reaches the command line. */
class ForeignFailureTest {
  private static final String[] TRAIN = {"train", "--set", "task.name=t", "--set", "task.data=d"};

  static Stream<Arguments> failures() throws IOException {
    return Stream.of(
        arguments(new OutOfMemoryError("Java heap space"), 7, "memory of the Java heap"),
        arguments(new OutOfMemoryError("Physical memory usage is too high: 9 > 8"), 7, "9 > 8"),
        arguments(
            new SparkException(
                "Job aborted: Lost task: java.lang.OutOfMemoryError: Java heap space\n\tat x",
                null),
            7,
            "memory of the Java heap"),
        arguments(new IllegalStateException("unread block data"), 7, "larger heap"),
        arguments(new StackOverflowError(), 7, "-Xss"),
        arguments(new NoClassDefFoundError("org/x/Y"), 7, "org/x/Y"),
        arguments(new ExceptionInInitializerError(new IllegalStateException("why")), 7, "doctor"),
        arguments(new UnsatisfiedLinkError("no jnind4jcpu"), 7, "no jnind4jcpu"),
        arguments(new RuntimeException(new ClassNotFoundException("a.B")), 7, "a.B"),
        arguments(new UnsupportedOperationException("getSubject is not supported"), 7, "JDK 17"),
        arguments(
            new IOException(
                new LoginException(
                    "java.lang.NullPointerException: invalid null input: name\n\tat a\n\tat b")),
            7,
            "invalid null input: name)"),
        arguments(
            new SparkException(
                "Job aborted: ExecutorLostFailure (executor 1 exited)\nDriver stacktrace:", null),
            7,
            "executor 1 exited"),
        arguments(fullDisk(), 6, "No space left on device"),
        arguments(
            new UncheckedIOException(new IOException("Input/output error")),
            6,
            "Input/output error"),
        arguments(
            new RuntimeException(new FileNotFoundException("/x (Permission denied)")),
            6,
            "Permission denied"),
        arguments(new ArithmeticException("integer overflow"), 3, "more than an array holds"),
        arguments(
            new InvalidPathException("a\0b", "Nul character not allowed"), 3, "Nul character"),
        arguments(
            new IllegalArgumentException(new URISyntaxException("10:00", "Relative path")),
            3,
            "Relative path"));
  }

  /** Hadoop makes an error of what the local file system says. */
  private static Error fullDisk() throws IOException {
    RawLocalFileSystem files = new RawLocalFileSystem();
    files.initialize(URI.create("file:///"), new Configuration());
    try (OutputStream out = files.create(new Path("/dev/full"), true)) {
      out.write(new byte[1 << 16]);
      throw new IllegalStateException("a full device took a write");
    } catch (FSError e) {
      return e;
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachIsOneSentenceWithItsCode(Throwable failure, int code, String part) {
    FakeCommands commands = new FakeCommands();
    if (failure instanceof Error error) {
      commands.error = error;
    } else {
      commands.failure =
          (RuntimeException)
              (failure instanceof RuntimeException ? failure : new RuntimeException(failure));
    }
    CommandRun run = CommandRun.of(commands, TRAIN);
    assertThat(run.code()).isEqualTo(code);
    assertThat(run.err()).startsWith("mona: ").doesNotContain("unexpected", "\tat ");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(part);
  }

  @Test
  void anErrorThatNobodyForesawIsOneLineToo() {
    FakeCommands commands = new FakeCommands();
    commands.error = new AssertionError("first\nsecond\u001b[31m");
    CommandRun run = CommandRun.of(commands, TRAIN);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("mona: unexpected AssertionError: first: --verbose shows where it happened\n");
  }
}

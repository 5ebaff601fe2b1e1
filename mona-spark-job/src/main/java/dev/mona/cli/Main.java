package dev.mona.cli;

import dev.mona.cli.failure.CommandFailure;
import dev.mona.cli.failure.ExhaustedMemory;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.failure.Failures;
import dev.mona.cli.text.StoredText;
import dev.mona.doctor.Startup;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** The entry point, for the launcher and for spark-submit. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    ExhaustedMemory.watch();
    Startup.useRootFormats();
    Configuration hadoop = StoredText.hadoop();
    CommandLine line = Mona.commandLine(new JobCommands(hadoop), hadoop);
    if (CommandFailure.isReported(System.getProperties())) {
      runReported(line, arguments);
      return;
    }
    int code = run(line, arguments);
    // spark-submit takes a normal return for success, and hooks of Spark run after it
    if (code != ExitCode.OK.code()) {
      System.exit(code);
    }
  }

  /**
   * Runs a command whose failure is told by an exception.
   *
   * @throws CommandFailure with the exit code and what was printed on standard error
   */
  public static void runReported(CommandLine line, String... arguments) {
    PrintWriter err = line.getErr();
    StringWriter said = new StringWriter();
    int code = run(line.setErr(new PrintWriter(said, true)), arguments);
    err.print(said);
    err.flush();
    if (code != ExitCode.OK.code()) {
      throw new CommandFailure(code, said.toString());
    }
  }

  /** Runs a command; whatever is thrown, errors of the JVM too, ends in a sentence and a code. */
  static int run(CommandLine line, String... arguments) {
    try {
      return Terminal.guard(line).execute(arguments);
    } catch (Throwable e) {
      return new Failures(line.getErr(), List.of(arguments).contains(Mona.VERBOSE)).report(e);
    }
  }
}

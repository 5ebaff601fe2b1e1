package dev.mona.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/** The entry point, for the launcher and for spark-submit. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Configuration hadoop = StoredText.hadoop();
    int code = run(Mona.commandLine(new JobCommands(hadoop), hadoop), arguments);
    // spark-submit takes a normal return for success, and hooks of Spark run after it
    if (code != ExitCode.OK.code()) {
      System.exit(code);
    }
  }

  /** Runs a command; also an exhausted memory ends in a sentence and a code. */
  static int run(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
      return new Failures(err, false).report(e);
    }
  }
}

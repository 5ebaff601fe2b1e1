package dev.mona.report;

import dev.mona.events.RunListener;
import java.io.PrintStream;
import java.util.Map;

/** Chooses how progress is shown. */
public final class ConsoleProgress {
  private static final int DEFAULT_COLUMNS = 100;

  private ConsoleProgress() {}

  /**
   * On standard error, where logs go, so that standard output holds results alone: a bar on a
   * terminal that can overwrite a line, lines otherwise.
   */
  @SuppressWarnings("SystemConsoleNull") // true from JDK 22 on; the build is bound to JDK 17
  public static RunListener forThisProcess() {
    return choose(System.err, System.console() != null, System.getenv());
  }

  static RunListener choose(PrintStream out, boolean terminal, Map<String, String> environment) {
    String term = environment.getOrDefault("TERM", "dumb");
    return terminal && !term.equals("dumb") && !term.isEmpty()
        ? new ProgressBar(out, columns(environment))
        : new RoundLines(out);
  }

  private static int columns(Map<String, String> environment) {
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return columns >= 20 ? columns : DEFAULT_COLUMNS;
    } catch (NumberFormatException e) {
      // shells often do not export COLUMNS
      return DEFAULT_COLUMNS;
    }
  }
}

package dev.mona.cli.failure;

import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The end of a command that failed in YARN's cluster mode. There Spark's application master takes
 * {@link System#exit} for a crash and reports neither code nor reason; what the main method throws
 * becomes the final status of the application. {@code deploy/yarn/submit.sh} reads the code from
 * the message.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param code exit code of the command
   * @param said what the command printed on standard error
   */
  public CommandFailure(int code, String said) {
    super(
        said.lines()
            .map(line -> line.replaceFirst("^mona: ", "").strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining(" ", "mona failed: ", " (exit code " + code + ")")),
        null,
        false,
        false);
  }

  /** Whether the properties are those of a driver in a container of YARN. */
  public static boolean isReported(Properties properties) {
    return "yarn".equals(properties.getProperty("spark.master"))
        && "cluster".equals(properties.getProperty("spark.submit.deployMode"));
  }
}

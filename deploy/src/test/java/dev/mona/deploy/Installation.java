package dev.mona.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the build put what the tests start. */
public final class Installation {
  /** Option of JVMs that live a minute: their compiler would take a third of the cores. */
  public static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final Path HOME = Path.of(property("mona.home"));

  private Installation() {}

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), () -> "set -D" + name);
  }

  /** Root of the checkout. */
  public static Path home() {
    return HOME;
  }

  /** The shaded jar. */
  public static Path jar() {
    return existing(Path.of(property("mona.jar")));
  }

  /** Directory with {@code jars/} and, beside it in the module, {@code bin/}, of a server. */
  public static Path distribution(String name) {
    return existing(HOME.resolve("tools/distributions/" + name + "/target"));
  }

  /** Directory with {@code spark-submit} and {@code spark-class}. */
  public static Path sparkBin() {
    return existing(HOME.resolve("tools/distributions/spark/bin"));
  }

  private static Path existing(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalStateException(path + " is missing: run mvn verify from the root");
    }
    return path;
  }
}

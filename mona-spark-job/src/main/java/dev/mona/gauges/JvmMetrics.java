package dev.mona.gauges;

/**
 * The numbers behind the gauges of this JVM. Spark makes a plugin by the name of its class and the
 * job makes its own objects, so the two meet here and nowhere else. Without the plugin the numbers
 * are kept and nobody reads them.
 */
public final class JvmMetrics {
  private static final RunProgress RUN = new RunProgress();
  private static final LocalWork WORK = new LocalWork();

  private JvmMetrics() {}

  /** The run that this JVM drives. */
  public static RunProgress run() {
    return RUN;
  }

  /** What the tasks of this JVM did. */
  public static LocalWork work() {
    return WORK;
  }
}

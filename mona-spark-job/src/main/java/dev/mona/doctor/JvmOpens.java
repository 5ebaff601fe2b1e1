package dev.mona.doctor;

import dev.mona.device.JvmFlags;
import java.util.List;
import java.util.Optional;

/** The packages of the JDK that ND4J, DL4J and Spark open by reflection. */
final class JvmOpens {
  private JvmOpens() {}

  static void examine(Chart chart) {
    List<String> missing = missing(JvmOpens.class.getModule());
    chart.fact(
        "jvm",
        "opened packages",
        JvmFlags.OPENS.size() - missing.size() + " of " + JvmFlags.OPENS.size());
    if (!missing.isEmpty()) {
      chart.warning(
          "the JVM was started without "
              + String.join(" ", missing.stream().map(JvmFlags::open).toList())
              + ": add them to spark.driver.extraJavaOptions and spark.executor.extraJavaOptions");
    }
  }

  /** Required packages that are closed to a module. */
  static List<String> missing(Module to) {
    return JvmFlags.OPENS.stream().filter(wanted -> !open(wanted, to)).toList();
  }

  private static boolean open(String wanted, Module to) {
    int slash = wanted.indexOf('/');
    Optional<Module> module = ModuleLayer.boot().findModule(wanted.substring(0, slash));
    return module.isPresent() && module.get().isOpen(wanted.substring(slash + 1), to);
  }
}

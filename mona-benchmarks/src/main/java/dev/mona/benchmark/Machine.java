package dev.mona.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the numbers were taken.
 *
 * @param model name of the processor
 * @param cores processors that the JVM sees
 * @param system operating system
 * @param java version of the JVM
 */
record Machine(String model, int cores, String system, String java) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine current() throws IOException {
    List<String> lines = Files.exists(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
    return new Machine(
        model(lines),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.version"));
  }

  /** Name, family and model of the first processor; the architecture when they are not there. */
  static String model(List<String> cpuInfo) {
    String name = field(cpuInfo, "model name");
    if (name.isEmpty()) {
      return System.getProperty("os.arch");
    }
    return "%s (family %s, model %s)"
        .formatted(name, field(cpuInfo, "cpu family"), field(cpuInfo, "model"));
  }

  private static String field(List<String> lines, String name) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).trim().equals(name)) {
        return line.substring(colon + 1).trim();
      }
    }
    return "";
  }
}

package dev.mona.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Memory limits of a process, in bytes.
 *
 * @param heap largest heap
 * @param arrays limit of arrays outside the heap; null without one
 * @param process JavaCPP's limit of the resident size; 0 without one
 * @param container limit of the control group; null without one
 * @param physical memory of the machine
 */
record Memory(
    long heap, @Nullable Long arrays, long process, @Nullable Long container, long physical) {
  private static final String SECTION = "memory";

  /** What a JVM and the natives take beside heap and arrays. */
  private static final long BESIDE = 512L << 20;

  static Memory ofThisProcess() {
    return new Memory(
        Runtime.getRuntime().maxMemory(),
        arrayLimit(),
        Pointer.maxPhysicalBytes(),
        ControlGroup.ofThisProcess().memoryLimit().orElse(null),
        physicalMemory().orElse(0L));
  }

  void examine(Chart chart) {
    chart.fact(SECTION, "heap (-Xmx)", Bytes.text(heap));
    chart.fact(
        SECTION, "arrays (javacpp.maxbytes)", arrays == null ? "no limit" : Bytes.text(arrays));
    chart.fact(
        SECTION,
        "process (javacpp.maxphysicalbytes)",
        process <= 0 ? "no limit" : Bytes.text(process));
    chart.fact(SECTION, "container", container == null ? "no limit" : Bytes.text(container));
    chart.fact(SECTION, "machine", physical == 0 ? "unknown" : Bytes.text(physical));
    long wanted = heap + (arrays == null ? 0 : arrays) + BESIDE;
    long there = there();
    if (there > 0 && wanted > there) {
      chart.warning(
          "heap %s, arrays %s and %s for the rest exceed the %s of %s: the process may be killed, lower -Xmx or org.bytedeco.javacpp.maxbytes"
              .formatted(
                  Bytes.text(heap),
                  arrays == null ? "without a limit" : Bytes.text(arrays),
                  Bytes.text(BESIDE),
                  Bytes.text(there),
                  container != null && container == there ? "the container" : "the machine"));
    }
    if (arrays == null && container != null) {
      chart.warning(
          "arrays outside the heap have no limit and the container has one of "
              + Bytes.text(container)
              + ": set -Dorg.bytedeco.javacpp.maxbytes, mona validate --cluster computes it");
    }
    if (process > 0 && process < heap) {
      chart.warning(
          "org.bytedeco.javacpp.maxphysicalbytes is %s and counts the heap of %s too: set it to 0"
              .formatted(Bytes.text(process), Bytes.text(heap)));
    }
  }

  /** JavaCPP has a limit of its own choice where none is set, which no engine keeps. */
  private static @Nullable Long arrayLimit() {
    return System.getProperty("org.bytedeco.javacpp.maxbytes") == null || Pointer.maxBytes() <= 0
        ? null
        : Pointer.maxBytes();
  }

  private long there() {
    if (container == null) {
      return physical;
    }
    return physical > 0 ? Math.min(container, physical) : container;
  }

  private static Optional<Long> physicalMemory() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.matches("MemTotal:\\s+[0-9]{1,15} kB"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package dev.mona.doctor;

import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The engines on the class path, what they see, and what the processor has for small types. */
final class Libraries {
  private static final String SECTION = "engines";
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** What the kernel calls instructions that multiply bfloat16 factors and add in float. */
  private static final List<String> BF16 = List.of("avx512_bf16", "avx_vnni_bf16", "amx_bf16");

  private Libraries() {}

  static void examine(Chart chart) {
    for (Engine engine : Engines.all()) {
      examine(chart, engine);
    }
    chart.fact(SECTION, "bf16 instructions of the CPU", bf16(flags()));
  }

  /** What an engine cannot tell is a fact here; whether it matters is for the chosen one to say. */
  private static void examine(Chart chart, Engine engine) {
    try {
      chart.fact(
          SECTION,
          engine.name(),
          engine.library() + (engine.gpu() ? ", for GPUs" : ", for the CPU"));
      for (Gpu gpu : engine.gpus()) {
        chart.fact(SECTION, engine.name() + " GPU " + gpu.index(), text(gpu));
      }
    } catch (LinkageError | RuntimeException e) {
      chart.fact(SECTION, engine.name() + " is not usable", Natives.innermost(e));
    }
  }

  /** Tensor cores multiply bfloat16 from Ampere on. */
  static String text(Gpu gpu) {
    return "%s, compute capability %s, %s, %s"
        .formatted(
            gpu.name(),
            gpu.computeCapability(),
            Bytes.text(gpu.memory()),
            gpu.major() >= 8 ? "bf16 and tf32" : "neither bf16 nor tf32");
  }

  /** Those among the processor's flags. */
  static String bf16(List<String> flags) {
    List<String> found = BF16.stream().filter(flags::contains).toList();
    return found.isEmpty() ? "none" : String.join(", ", found);
  }

  private static List<String> flags() {
    try {
      return Files.readAllLines(PROCESSOR).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Arrays.asList(line.replaceFirst("^flags\\s*:\\s*", "").split(" ", -1)))
          .orElse(List.of());
    } catch (IOException e) {
      return List.of();
    }
  }
}

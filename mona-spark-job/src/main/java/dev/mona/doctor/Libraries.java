package dev.mona.doctor;

import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Gpu;
import dev.mona.compute.Processor;
import java.util.List;

/** The engines on the class path, what they see, and what the processor has for small types. */
final class Libraries {
  private static final String SECTION = "engines";

  private Libraries() {}

  static void examine(Chart chart) {
    for (Engine engine : Engines.all()) {
      examine(chart, engine);
    }
    chart.fact(SECTION, "bf16 instructions of the CPU", bf16(Processor.here()));
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

  static String text(Gpu gpu) {
    return "%s, compute capability %s, %s, %s"
        .formatted(
            gpu.name(),
            gpu.computeCapability(),
            Bytes.text(gpu.memory()),
            gpu.roundsFactors() ? "bf16 and tf32" : "neither bf16 nor tf32");
  }

  static String bf16(Processor processor) {
    List<String> found = processor.bfloat16Instructions();
    return found.isEmpty() ? "none" : String.join(", ", found);
  }
}

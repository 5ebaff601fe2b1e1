package dev.mona.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What the processor can do.
 *
 * @param flags names of Linux, {@code avx512_bf16} for instance; empty where they are unknown
 */
record Processor(Set<String> flags) {
  private static final String FLAGS = "flags";

  Processor {
    flags = Set.copyOf(flags);
  }

  /** This machine's. */
  static Processor here() {
    try {
      return of(Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Processor(Set.of());
    }
  }

  /** From the lines of {@code /proc/cpuinfo}. */
  static Processor of(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(FLAGS))
        .findFirst()
        .map(
            line ->
                new Processor(Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
        .orElse(new Processor(Set.of()));
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }

  /** Whether products of bfloat16 run on instructions of their own. */
  boolean bfloat16() {
    return has("avx512_bf16") || has("amx_bf16");
  }
}

package dev.mona.compute;

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
public record Processor(Set<String> flags) {
  private static final String FLAGS = "flags";
  private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16");

  public Processor {
    flags = Set.copyOf(flags);
  }

  /** This machine's. */
  public static Processor here() {
    try {
      return of(Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Processor(Set.of());
    }
  }

  /** From the lines of {@code /proc/cpuinfo}. */
  public static Processor of(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(FLAGS))
        .findFirst()
        .map(
            line ->
                new Processor(Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
        .orElse(new Processor(Set.of()));
  }

  public boolean has(String flag) {
    return flags.contains(flag);
  }

  /** Its instructions that multiply bfloat16 factors and add in float, by their flags. */
  public List<String> bfloat16Instructions() {
    return BFLOAT16.stream().filter(flags::contains).toList();
  }

  /** Whether products of bfloat16 run on instructions of their own. */
  public boolean bfloat16() {
    return !bfloat16Instructions().isEmpty();
  }
}

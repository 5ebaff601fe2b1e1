package dev.mona.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A known vulnerability of a package.
 *
 * @param id its number, CVE-...
 * @param component {@code group:artifact}, or {@code pypi:name}
 * @param from first affected version; empty when all before the repair are
 * @param fixed first repaired version
 * @param what what it is, one sentence
 * @param reaches {@code no} or {@code in part}: whether it reaches this project
 * @param accepted why it is accepted; empty when it is not
 */
record Advisory(
    String id,
    String component,
    String from,
    String fixed,
    String what,
    String reaches,
    String accepted) {

  /** The list of the project. */
  static List<Advisory> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(
            part -> {
              if (part.length != 7) {
                throw new IllegalArgumentException("not 7 columns: " + String.join("|", part));
              }
              return new Advisory(part[0], part[1], part[2], part[3], part[4], part[5], part[6]);
            })
        .toList();
  }

  /** Whether a version of the component is affected. */
  boolean affects(String version) {
    return compare(version, fixed) < 0 && (from.isEmpty() || compare(version, from) >= 0);
  }

  /** By the numbers between dots; words such as Final or jre do not count. */
  static int compare(String a, String b) {
    return Arrays.compare(numbers(a), numbers(b));
  }

  private static int[] numbers(String version) {
    int[] numbers =
        Arrays.stream(version.split("[.-]", -1))
            .takeWhile(part -> part.matches("[0-9]{1,9}"))
            .mapToInt(Integer::parseInt)
            .toArray();
    // 2.0 and 2.0.0 are one version
    return Arrays.copyOf(numbers, 6);
  }
}

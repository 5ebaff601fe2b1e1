package dev.mona.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Data sets that may lie in {@code shared/data} beside the checkout; tests skip without them. */
final class SharedData {
  private SharedData() {}

  /** The directory of one set; skips the test if it is not there. */
  static Path set(String name) {
    Path root = root();
    assumeTrue(root != null, "skipped: no ../shared/data beside the checkout");
    if (root == null) {
      throw new AssertionError();
    }
    Path set = root.resolve(name);
    assumeTrue(Files.isDirectory(set), "skipped: " + name + " is not in ../shared/data");
    return set;
  }

  /** Names of all sets made of NumPy arrays; empty if the directory is not there. */
  static List<String> numpySets() {
    Path root = root();
    if (root == null) {
      return List.of();
    }
    try (Stream<Path> sets = Files.list(root)) {
      return sets.filter(set -> Files.exists(set.resolve("data.npz")))
          .map(set -> set.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The quickstart's set, which is part of the checkout. */
  static Path quickstart() {
    for (Path at = start(); at != null; at = at.getParent()) {
      Path set = at.resolve("conf/quickstart/dna_splice");
      if (Files.isDirectory(set)) {
        return set;
      }
    }
    throw new AssertionError("no conf/quickstart/dna_splice above " + start());
  }

  private static @Nullable Path root() {
    for (Path at = start(); at != null; at = at.getParent()) {
      Path data = at.resolve("shared/data");
      if (Files.isDirectory(data)) {
        return data;
      }
    }
    return null;
  }

  private static Path start() {
    return Path.of(System.getProperty("user.dir")).toAbsolutePath();
  }
}

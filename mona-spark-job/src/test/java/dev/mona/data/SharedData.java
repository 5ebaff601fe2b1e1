package dev.mona.data;

import dev.mona.SharedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Data sets that may lie in {@code shared/data} beside the checkout; tests skip without them. */
public final class SharedData {
  private SharedData() {}

  /** The directory of one set; skips the test if it is not there. */
  static Path set(String name) {
    return SharedFiles.require("data/" + name);
  }

  /** Names of all sets made of NumPy arrays; empty if the directory is not there. */
  static List<String> numpySets() {
    Optional<Path> root = SharedFiles.find("data");
    if (root.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> sets = Files.list(root.get())) {
      return sets.filter(set -> Files.exists(set.resolve("data.npz")))
          .map(set -> set.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The quickstart's set, which is part of the checkout. */
  public static Path quickstart() {
    for (Path at = start(); at != null; at = at.getParent()) {
      Path set = at.resolve("conf/quickstart/dna_splice");
      if (Files.isDirectory(set)) {
        return set;
      }
    }
    throw new AssertionError("no conf/quickstart/dna_splice above " + start());
  }

  private static Path start() {
    return Path.of(System.getProperty("user.dir")).toAbsolutePath();
  }
}

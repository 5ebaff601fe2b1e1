package dev.mona.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds {@code <directory>/<task>.conf} by name, or takes a path as it is. */
final class TaskFiles {
  private static final String SUFFIX = ".conf";

  private TaskFiles() {}

  /** The file, or nothing after reporting that there is none of that name. */
  static Optional<Path> find(Path directory, String nameOrPath, Problems problems) {
    if (nameOrPath.contains("/") || nameOrPath.endsWith(SUFFIX)) {
      return Optional.of(Path.of(nameOrPath));
    }
    Path file = directory.resolve(nameOrPath + SUFFIX);
    if (Files.isRegularFile(file)) {
      return Optional.of(file);
    }
    List<String> known = names(directory);
    problems.add(
        "task "
            + nameOrPath
            + " has no file "
            + file
            + NearestKey.to(nameOrPath, known)
                .map(near -> ": did you mean " + near + "?")
                .orElse(
                    known.isEmpty()
                        ? ": give the path of a task file"
                        : ": the tasks there are " + String.join(", ", known)));
    return Optional.empty();
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(SUFFIX))
          .map(f -> f.substring(0, f.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      // no directory, no names to suggest; the caller reports the missing file
      return List.of();
    }
  }
}

package dev.mona;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Large test inputs that are not part of the repository: the folder {@code shared} beside it, or
 * the folder named by the system property {@code mona.shared}. Tests that need one are skipped
 * where it is missing.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** The file or folder at a path relative to {@code shared}; skips the test when it is missing. */
  public static Path require(String path) {
    Path file = root().resolve(path);
    assumeThat(file)
        .as("%s is missing: put it there or point -Dmona.shared at its folder", file)
        .exists();
    return file;
  }

  private static Path root() {
    String property = System.getProperty("mona.shared");
    if (property != null) {
      return Path.of(property);
    }
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path up = folder; up != null; up = up.getParent()) {
      Path shared = up.resolve("shared");
      if (Files.isDirectory(shared)) {
        return shared;
      }
    }
    return folder.resolve("shared");
  }
}

package dev.mona;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Large files beside the repository that are not part of it: {@code ../shared} from its root, or
 * the folder in the system property {@code mona.shared}. Tests that need them are skipped without.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** The file, or the calling test is skipped with a message. */
  public static Path require(String name) {
    String set = System.getProperty("mona.shared");
    Path file = set == null ? search(name) : Path.of(set, name);
    assumeTrue(Files.exists(file), () -> "skipped: " + file + " is not there");
    return file;
  }

  private static Path search(String name) {
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path at = folder; at != null; at = at.getParent()) {
      Path file = at.resolve("shared").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return folder.resolve("../shared").resolve(name).normalize();
  }
}

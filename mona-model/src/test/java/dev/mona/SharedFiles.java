package dev.mona;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Large files beside the repository that are not part of it: {@code ../shared} from its root, or
 * the folder in the system property {@code mona.shared}. Tests that need them are skipped without.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** The file or folder, or the calling test is skipped with a message. */
  public static Path require(String name) {
    Optional<Path> file = find(name);
    assumeTrue(
        file.isPresent(),
        () -> "skipped: shared/" + name + " is not there; -Dmona.shared names another folder");
    return file.orElseThrow();
  }

  /** The file or folder, if it is there. */
  public static Optional<Path> find(String name) {
    String set = System.getProperty("mona.shared");
    if (set != null) {
      return Optional.of(Path.of(set, name)).filter(Files::exists);
    }
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path at = folder; at != null; at = at.getParent()) {
      Path file = at.resolve("shared").resolve(name);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}

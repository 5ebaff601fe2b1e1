package dev.mona.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The control group that a container's limits come from, version 2 or 1.
 *
 * @param mount where control groups are mounted
 * @param membership the process's {@code /proc/self/cgroup}
 */
record ControlGroup(Path mount, Path membership) {
  /** Version 1 says "no limit" with a number near 2^63. */
  private static final long NO_LIMIT = 1L << 60;

  static ControlGroup ofThisProcess() {
    return new ControlGroup(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
  }

  /** The smallest memory limit from the process's group up to the root; empty without any. */
  Optional<Long> memoryLimit() {
    Optional<Long> smallest = Optional.empty();
    for (Path group : groups()) {
      for (String file : List.of("memory.max", "memory.limit_in_bytes")) {
        Optional<Long> limit = limit(group.resolve(file));
        if (limit.isPresent() && (smallest.isEmpty() || limit.get() < smallest.get())) {
          smallest = limit;
        }
      }
    }
    return smallest;
  }

  private List<Path> groups() {
    List<Path> groups = new ArrayList<>();
    groups.add(mount);
    groups.add(mount.resolve("memory"));
    try {
      for (String line : Files.readAllLines(membership)) {
        String[] parts = line.split(":", 3);
        if (parts.length == 3 && (parts[1].isEmpty() || parts[1].contains("memory"))) {
          Path root = parts[1].isEmpty() ? mount : mount.resolve("memory");
          @Nullable Path group = root.resolve(parts[2].replaceFirst("^/+", "")).normalize();
          while (group != null && group.startsWith(root) && !group.equals(root)) {
            groups.add(group);
            group = group.getParent();
          }
        }
      }
    } catch (IOException e) {
      // no control groups here: the mount alone is looked at
      return groups;
    }
    return groups;
  }

  private static Optional<Long> limit(Path file) {
    try {
      String text = Files.readString(file).trim();
      return text.matches("[0-9]{1,18}") && Long.parseLong(text) < NO_LIMIT
          ? Optional.of(Long.parseLong(text))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

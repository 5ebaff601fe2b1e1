package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.data.Manifest;
import dev.mona.data.ManifestJson;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory of a data set while it is being made. Where a directory is renamed in one step, it
 * appears whole. Elsewhere its manifest comes last and makes the set: a directory with some of its
 * files and no manifest holds none.
 *
 * @param files where it is
 * @param path its path, with its scheme
 */
record SetFolder(FileSystem files, Path path) {
  private static final Set<String> RENAMED_IN_ONE_STEP = Set.of("file", "hdfs");
  private static final int LARGEST_MANIFEST = 1 << 24;
  private static final Set<String> SPLITS =
      Arrays.stream(Split.values())
          .flatMap(split -> Stream.of(fileName(split), split.id()))
          .collect(Collectors.toUnmodifiableSet());

  /** Name of a split's file. */
  static String fileName(Split split) {
    return split.id() + ".parquet";
  }

  /** Name of a file of a split that is a folder. */
  static String partName(int number) {
    return String.format(Locale.ROOT, "part-%05d.parquet", number);
  }

  private boolean isRenamedInOneStep() {
    return RENAMED_IN_ONE_STEP.contains(files.getUri().getScheme());
  }

  /** Whether a set is there, this one or another. */
  boolean isMade() throws IOException {
    Path manifest = new Path(path, Manifest.FILE);
    if (!files.exists(manifest)) {
      return false;
    }
    return isRenamedInOneStep() || isWhole(manifest);
  }

  /** Where nothing is one step, a part of a manifest may be left. */
  private boolean isWhole(Path manifest) throws IOException {
    try (InputStream in = files.open(manifest)) {
      ManifestJson.read(in.readNBytes(LARGEST_MANIFEST), manifest.toString());
      return true;
    } catch (MonaException e) {
      return false;
    }
  }

  /** Whether something is there that no conversion makes or leaves unfinished. */
  boolean isTaken() throws IOException {
    if (!files.exists(path) || isMade()) {
      return false;
    }
    if (isRenamedInOneStep() || !files.getFileStatus(path).isDirectory()) {
      return true;
    }
    return !Arrays.stream(files.listStatus(path))
        .map(file -> file.getPath().getName())
        .allMatch(
            name -> SPLITS.contains(name) || name.equals(Manifest.FILE) || name.startsWith("."));
  }

  /** Where an attempt puts its files before the set is whole. */
  Path unfinished(String attempt) {
    return Location.child(path.getParent(), prefix() + attempt);
  }

  private String prefix() {
    return "." + path.getName() + ".converting-";
  }

  /** Removes what dead attempts left; for the owner of the lock, all others are dead. */
  void clean() throws IOException {
    try {
      for (FileStatus left :
          files.listStatus(path.getParent(), name -> name.getName().startsWith(prefix()))) {
        files.delete(left.getPath(), true);
      }
    } catch (FileNotFoundException e) {
      return; // nothing was ever made here
    }
  }

  /** Makes a whole set of what an attempt wrote. */
  void publish(Path unfinished, Manifest manifest) throws IOException {
    if (isRenamedInOneStep()) {
      rename(unfinished, path);
      return;
    }
    files.mkdirs(path);
    for (FileStatus left : files.listStatus(path, name -> name.getName().startsWith(".tmp-"))) {
      files.delete(left.getPath(), false);
    }
    for (SplitFiles split : manifest.splits().values()) {
      Path to = new Path(path, split.name());
      files.delete(to, true);
      rename(new Path(unfinished, split.name()), to);
    }
    try (RunDirectory folder = RunDirectory.open(path.toString(), files.getConf())) {
      folder.write(Manifest.FILE, out -> out.write(ManifestJson.write(manifest)));
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }
}

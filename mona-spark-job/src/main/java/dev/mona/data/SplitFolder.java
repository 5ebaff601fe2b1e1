package dev.mona.data;

import dev.mona.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * A split whose samples lie in several Parquet files of a folder.
 *
 * @param name of the folder, in the directory of the manifest
 * @param files those of the folder that count, with names of their own in it; at least one
 */
public record SplitFolder(String name, List<SplitFile> files) implements SplitFiles {
  public SplitFolder {
    files = List.copyOf(files);
    if (!name.matches(SplitFile.FILE_PATTERN) || files.isEmpty()) {
      throw new IllegalArgumentException("not a folder of files: " + name + ", " + files.size());
    }
    if (files.stream().map(SplitFile::file).distinct().count() != files.size()) {
      throw new IllegalArgumentException(name + " names a file twice");
    }
    if (total(files) > MOST_SAMPLES) {
      throw new IllegalArgumentException(name + " has more than " + MOST_SAMPLES + " samples");
    }
  }

  @Override
  public String path(SplitFile of) {
    return name + "/" + of.file();
  }

  @Override
  public int samples() {
    return (int) total(files);
  }

  static long total(List<SplitFile> files) {
    return files.stream().mapToLong(SplitFile::samples).sum();
  }

  @Override
  public long bytes() {
    return files.stream().mapToLong(SplitFile::bytes).sum();
  }

  /** That of the list that {@code sha256sum} prints of the files, in their order. */
  @Override
  public String sha256() {
    MessageDigest digest = Sha256.digest();
    for (SplitFile file : files) {
      String line = file.sha256() + "  " + file.file() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.hex(digest.digest());
  }
}

package dev.mona.data;

import java.util.List;

/**
 * A Parquet file of a split; the only one of its split, or one of a {@link SplitFolder}.
 *
 * @param file name of the file, in its directory
 * @param samples rows of the file
 * @param bytes length of the file
 * @param sha256 SHA-256 of the file, 64 lower-case hexadecimal digits
 */
public record SplitFile(String file, int samples, long bytes, String sha256) implements SplitFiles {
  /** A plain file name: nothing that could lead out of the directory. */
  public static final String FILE_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  public static final String SHA256_PATTERN = "[0-9a-f]{64}";

  public SplitFile {
    if (!file.matches(FILE_PATTERN) || !sha256.matches(SHA256_PATTERN)) {
      throw new IllegalArgumentException("not a file name and a SHA-256: " + file + ", " + sha256);
    }
    if (samples < 1 || bytes < 1) {
      throw new IllegalArgumentException(file + " must have samples and bytes");
    }
  }

  @Override
  public String name() {
    return file;
  }

  @Override
  public List<SplitFile> files() {
    return List.of(this);
  }

  @Override
  public String path(SplitFile of) {
    return of.file();
  }
}

package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.data.Manifest;
import dev.mona.data.ManifestJson;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.data.SplitFiles;
import dev.mona.data.SplitFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether two directories hold the same converted set: manifests that agree in all but checksums,
 * and files with the same pages. The end of a Parquet file, its footer, is left out: the library
 * lists encodings there in an order that differs from process to process.
 *
 * @param files where both directories are
 */
record SameSet(FileSystem files) {
  private static final int BLOCK = 1 << 16;

  /** Length of the footer in 4 bytes, and the four letters of the format. */
  private static final int TAIL = 8;

  private static final String ANY = "0".repeat(64);

  /**
   * Compares.
   *
   * @param made a complete set
   * @param manifest its manifest
   * @param other a directory with a manifest
   */
  boolean holds(Path made, Manifest manifest, Path other) throws IOException {
    byte[] expected = ManifestJson.write(manifest);
    Path file = new Path(other, Manifest.FILE);
    byte[] json;
    try (FSDataInputStream in = files.open(file)) {
      json = in.readNBytes(expected.length + 1);
    }
    if (json.length != expected.length || !sameManifest(json, file, manifest)) {
      return false;
    }
    for (SplitFiles split : manifest.splits().values()) {
      for (SplitFile one : split.files()) {
        String path = split.path(one);
        if (!samePages(new Path(made, path), new Path(other, path))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean sameManifest(byte[] json, Path file, Manifest manifest) {
    try {
      Manifest found = ManifestJson.read(json, file.toString());
      return withoutChecksums(found).equals(withoutChecksums(manifest));
    } catch (MonaException e) {
      return false;
    }
  }

  private static Manifest withoutChecksums(Manifest manifest) {
    Map<Split, SplitFiles> splits = new EnumMap<>(Split.class);
    manifest.splits().forEach((split, files) -> splits.put(split, withoutChecksums(files)));
    return new Manifest(
        manifest.name(), manifest.origin(), manifest.features(), manifest.prediction(), splits);
  }

  private static SplitFiles withoutChecksums(SplitFiles files) {
    List<SplitFile> any =
        files.files().stream()
            .map(file -> new SplitFile(file.file(), file.samples(), file.bytes(), ANY))
            .toList();
    return files instanceof SplitFolder folder ? new SplitFolder(folder.name(), any) : any.get(0);
  }

  private boolean samePages(Path made, Path other) throws IOException {
    long length = files.getFileStatus(made).getLen();
    if (!files.exists(other) || files.getFileStatus(other).getLen() != length) {
      return false;
    }
    try (FSDataInputStream a = files.open(made);
        FSDataInputStream b = files.open(other)) {
      long pages = pages(a, length);
      if (pages(b, length) != pages) {
        return false;
      }
      byte[] left = new byte[BLOCK];
      byte[] right = new byte[BLOCK];
      for (long at = 0; at < pages; at += BLOCK) {
        int size = (int) Math.min(BLOCK, pages - at);
        a.readFully(at, left, 0, size);
        b.readFully(at, right, 0, size);
        if (!Arrays.equals(left, 0, size, right, 0, size)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Length of what stands before the footer. */
  private static long pages(FSDataInputStream file, long length) throws IOException {
    byte[] footer = new byte[Integer.BYTES];
    file.readFully(length - TAIL, footer);
    return length - TAIL - ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }
}

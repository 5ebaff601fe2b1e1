package dev.mona.data;

import java.util.List;

/**
 * The Parquet files of one split: one beside the manifest, or any number in a folder of their own.
 */
public sealed interface SplitFiles permits SplitFile, SplitFolder {
  /** What a split of a set may hold at most. */
  int MOST_SAMPLES = Integer.MAX_VALUE;

  /** Name of the file or of the folder, in the directory of the manifest. */
  String name();

  /** The files, in the order of their samples. */
  List<SplitFile> files();

  /** Path of one of the files, from the directory of the manifest. */
  String path(SplitFile of);

  /** Rows of all files. */
  int samples();

  /** Length of all files. */
  long bytes();

  /** Checksum of the whole, 64 lower-case hexadecimal digits. */
  String sha256();
}

package dev.mona.corpus;

import java.util.Locale;

/**
 * Where a sample stands in a Parquet set, whatever the order in which it was read.
 *
 * @param file name of the file
 * @param row of that file, counted from 0 as Python does
 */
record RowOfFile(String file, long row) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "row %d (counted from 0) of %s", row, file);
  }
}

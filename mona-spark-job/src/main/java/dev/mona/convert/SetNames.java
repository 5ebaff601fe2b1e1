package dev.mona.convert;

import dev.mona.data.Split;
import java.util.Locale;

/** Names of files and folders of a set. */
public final class SetNames {
  private SetNames() {}

  /** Of a split in one file. */
  public static String file(Split split) {
    return split.id() + ".parquet";
  }

  /** Of a split in several files. */
  public static String folder(Split split) {
    return split.id();
  }

  /** Of one of these files, from 0. */
  public static String part(int number) {
    return String.format(Locale.ROOT, "part-%05d.parquet", number);
  }
}

package dev.mona.storage;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file systems that an address may name. Hadoop also opens {@code http:}, {@code ftp:}, {@code
 * jar:} and {@code data:}, which would let a configuration decide where this process calls.
 */
public final class FileSystems {
  /** System property with further schemes, separated by commas. */
  public static final String MORE = "mona.file-systems";

  static final Set<String> SCHEMES =
      Set.of(
          "file",
          "hdfs",
          "viewfs",
          "webhdfs",
          "swebhdfs",
          "s3a",
          "gs",
          "abfs",
          "abfss",
          "wasb",
          "wasbs",
          "ofs",
          "o3fs",
          "oss",
          "cosn",
          "obs",
          "adl",
          "alluxio",
          "maprfs",
          "dbfs",
          "jfs");

  private FileSystems() {}

  /** Why an address is refused: the part of a sentence after its value; empty when it is not. */
  public static Optional<String> refusal(String address) {
    Optional<String> scheme = Location.scheme(address);
    if (scheme.isEmpty() || allowed().contains(scheme.get())) {
      return Optional.empty();
    }
    return Optional.of(
        "must be a path or an address of one of the file systems "
            + String.join(", ", allowed())
            + " (the system property "
            + MORE
            + " adds others)");
  }

  private static Set<String> allowed() {
    Set<String> all = new TreeSet<>(SCHEMES);
    Arrays.stream(System.getProperty(MORE, "").split(",", -1))
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .forEach(all::add);
    return all;
  }
}

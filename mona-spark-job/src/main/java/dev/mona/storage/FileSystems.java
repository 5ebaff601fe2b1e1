package dev.mona.storage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file systems that an address may name. Hadoop also opens {@code http:}, {@code ftp:}, {@code
 * jar:} and {@code data:}, which would let a configuration decide where this process calls.
 */
public final class FileSystems {
  /** System property with further schemes, separated by commas. */
  public static final String MORE = "mona.file-systems";

  private static final Set<String> SCHEMES =
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
  private static final Pattern SCHEME = Pattern.compile("([^/:]*):.*", Pattern.DOTALL);

  private FileSystems() {}

  /** All of them, for documentation and messages. */
  public static String names() {
    return String.join(", ", allowed());
  }

  /** Why an address is refused: the part of a sentence after its value; empty when it is not. */
  public static Optional<String> refusal(String address) {
    Matcher matcher = SCHEME.matcher(address);
    if (!matcher.matches() || allowed().contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    return Optional.of("must be a path or an address of one of the file systems " + names());
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

package dev.mona.storage;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Addresses of files and folders as a user writes them. Every address from outside becomes a {@link
 * Path} here, since Hadoop's own reading takes what stands before a colon for a scheme and what
 * stands behind two slashes for a host:
 *
 * <pre>
 * hdfs://host/a, s3a://bucket/a, file:/a   scheme, then a slash: an address of that file system
 * runs/10:00, 10:00, v[1], a b%20#?        names of the default file system, taken letter by letter
 * //tmp/a                                  /tmp/a
 * </pre>
 *
 * <p>No character is a pattern or an escape. Whoever hands a path to Spark's readers switches their
 * patterns off, see {@link #NO_PATTERNS}.
 */
public final class Location {
  /** Option of Spark's file readers, to be {@code false}: whether a path is a pattern of paths. */
  public static final String NO_PATTERNS = "__globPaths__";

  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
  private static final String LOCAL = "file";

  /** Refused as file systems, but no names of folders either. */
  private static final Set<String> OTHER_SCHEMES =
      Set.of("s3", "s3n", "har", "http", "https", "ftp", "sftp", "data", "jar");

  private static final Set<String> NO_COLONS = Set.of("hdfs", "webhdfs", "swebhdfs");

  private Location() {}

  /**
   * Reads an address.
   *
   * @throws MonaException of the category {@code CONFIGURATION} when it names nothing that a file
   *     can have
   */
  public static Path of(String address) {
    if (address.isBlank() || address.indexOf('\0') >= 0) {
      throw refused(address, "is no path", "name a file or a folder");
    }
    Optional<String> found = scheme(address);
    if (found.isEmpty()) {
      return local(address);
    }
    String scheme = found.get();
    if (!address.startsWith("/", scheme.length() + 1)) {
      throw refused(
          address,
          "has no slash after '" + scheme + ":'",
          "write " + (scheme.equals(LOCAL) ? "file:///folder" : scheme + "://host/folder"));
    }
    try {
      Path path = new Path(address);
      if (scheme.equals(LOCAL)) {
        if (path.toUri().getAuthority() != null) {
          throw refused(
              address, "names a host", "write file:/// with three slashes before the folder");
        }
        requireName(path.toUri().getPath());
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw refused(address, "is no address (" + Reason.of(e) + ")", "check it");
    }
  }

  /** The scheme of an address in lower case; empty for a name, also one that has a colon. */
  static Optional<String> scheme(String address) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    return parts.group(2).startsWith("/") || isKnown(scheme)
        ? Optional.of(scheme)
        : Optional.empty();
  }

  /** With a known scheme, a missing slash is a slip and not the name of a folder. */
  private static boolean isKnown(String scheme) {
    return FileSystems.SCHEMES.contains(scheme) || OTHER_SCHEMES.contains(scheme);
  }

  /**
   * What a folder holds under a name; unlike Hadoop's constructor, whatever characters it has.
   *
   * @param name without {@code /}, or several of them with {@code /} between
   */
  public static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /**
   * The same place by a path whose last part is the name of its folder, unlike those of {@code .}
   * and {@code ..}.
   */
  public static Path named(Path path, Configuration hadoop) throws IOException {
    String name = path.getName();
    return name.isEmpty() || name.equals("..") ? files(path, hadoop).makeQualified(path) : path;
  }

  /**
   * The file system that a path belongs to.
   *
   * @throws MonaException of the category {@code CONFIGURATION} when it allows no such name
   */
  public static FileSystem files(Path path, Configuration hadoop) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    requireName(path, files);
    // the checksums that Hadoop keeps beside a local file have names that cannot hold a colon
    return files instanceof LocalFileSystem local && path.getName().indexOf(':') >= 0
        ? local.getRawFileSystem()
        : files;
  }

  /**
   * Refuses names that a file system does not allow.
   *
   * @throws MonaException of the category {@code CONFIGURATION}
   */
  public static void requireName(Path path, FileSystem files) {
    String scheme = files.getUri().getScheme();
    if (path.toUri().getPath().indexOf(':') >= 0 && NO_COLONS.contains(scheme)) {
      throw refused(
          path.toString(), "has a colon, which no name on " + scheme + ": can have", "rename it");
    }
  }

  private static Path local(String address) {
    requireName(address);
    // two slashes would make a host of the first folder
    return new Path(null, null, address.replaceFirst("^/{2,}", "/"));
  }

  /**
   * Refuses a name that the system's locale cannot spell: Java would write question marks instead.
   */
  private static void requireName(String name) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (Charset.isSupported(encoding) && !Charset.forName(encoding).newEncoder().canEncode(name)) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "the locale of this process has no letters for %s (names of files are %s): start it with LC_ALL=C.UTF-8"
              .formatted(Quoted.of(name), encoding));
    }
  }

  private static MonaException refused(String address, String why, String remedy) {
    return MonaException.configuration(Quoted.of(address) + " " + why + ": " + remedy);
  }
}

package dev.mona.doctor;

import dev.mona.MonaException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * What every command needs of its process: the JDK, a user, a folder for temporary files, letters
 * for names. It is looked at once, before anything is read or written, and takes milliseconds.
 *
 * @param java feature release of the JVM
 * @param user who it belongs to
 * @param temporary folder for temporary files
 * @param names encoding of names of files
 * @param scratch folders that Spark is to use, or to make, for blocks and shuffles
 */
public record Startup(int java, User user, String temporary, String names, List<String> scratch) {

  /**
   * Whom the process belongs to.
   *
   * @param name {@code ?} where the system knows none
   * @param home the user's folder, {@code ?} where there is none
   */
  public record User(String name, String home) {}

  public Startup {
    scratch = List.copyOf(scratch);
  }

  private static final int JAVA = 17;
  private static final String NONE = "?";

  /** Less does not hold the files of a Spark that starts. */
  private static final long LEAST_SPACE = 64L << 20;

  private static final String SECTION = "process";
  private static final Path SELF = Path.of("/proc/self");

  /** This process as it was found, before {@link #adoptUser}. */
  public static final Startup FOUND =
      new Startup(
          Runtime.version().feature(),
          new User(System.getProperty("user.name", NONE), System.getProperty("user.home", NONE)),
          System.getProperty("java.io.tmpdir", NONE),
          System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()),
          Disks.scratch());

  /**
   * Numbers and times are written with the digits and marks of no language, whatever that of the
   * system is. Messages of others that are translated stay so.
   */
  public static void useRootFormats() {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
  }

  /**
   * Gives a process whose user the system does not know, as in a container that runs under a number
   * of its own, the name and the folder that Hadoop and the unpacking of natives ask for.
   *
   * <p>A user of Kerberos is left to it.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} if the folder cannot be had
   */
  public void adoptUser() {
    String name = unknownUser() ? name(System.getenv()) : user.name();
    if (unknownUser() && !UserGroupInformation.isSecurityEnabled()) {
      // no login: there is nobody to look up
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
      System.setProperty("user.name", name);
    }
    if (homeless()) {
      String given = System.getenv().getOrDefault("HOME", "");
      System.setProperty(
          "user.home",
          given.length() > 1 && usable(given) ? given : privateFolder(temporary, name));
    }
  }

  /**
   * Refuses to go on in a process that cannot do the work.
   *
   * @throws MonaException of the category {@code ENVIRONMENT}, with the first problem
   */
  public void require() {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new MonaException(MonaException.Category.ENVIRONMENT, problems.get(0));
    }
  }

  /** What prevents any command, a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (java != JAVA) {
      problems.add(
          String.format(
              Locale.ROOT,
              "mona needs JDK 17 and this is Java %d (%s): set JAVA_HOME to a JDK 17",
              java,
              System.getProperty("java.home")));
    }
    File folder = new File(temporary);
    if (!usable(temporary)) {
      problems.add(
          "the temporary folder %s is none that this user can write: set java.io.tmpdir to another"
              .formatted(temporary));
    } else if (folder.getUsableSpace() < LEAST_SPACE) {
      problems.add(
          "the temporary folder %s has %s left: free some, or set java.io.tmpdir to another"
              .formatted(temporary, Bytes.text(folder.getUsableSpace())));
    }
    for (String directory : scratch) {
      if (!usable(nearest(directory))) {
        problems.add(
            "%s cannot be written or made: set spark.local.dir or SPARK_LOCAL_DIRS to another folder"
                .formatted(directory));
      }
    }
    return problems;
  }

  void examine(Chart chart) {
    chart.fact(SECTION, "user", user.name());
    chart.fact(SECTION, "home", user.home());
    chart.fact(SECTION, "encoding of names", names);
    chart.fact(SECTION, "language", Locale.getDefault().toLanguageTag());
    problems().forEach(chart::problem);
    if (unknownUser() || homeless()) {
      chart.warning(
          "the system has no user or no home for this process (user %s, home %s): give its uid an entry in /etc/passwd, or HADOOP_USER_NAME and HOME"
              .formatted(user.name(), user.home()));
    }
    if (!Charset.isSupported(names) || !Charset.forName(names).equals(StandardCharsets.UTF_8)) {
      chart.warning(
          "names of files are %s here, so that others cannot be opened: start it with LC_ALL=C.UTF-8"
              .formatted(names));
    }
  }

  private static boolean usable(String directory) {
    File file = new File(directory);
    return file.isAbsolute() && file.isDirectory() && file.canWrite();
  }

  /** The folder itself, or the one in which it would be made. */
  static String nearest(String directory) {
    File at = new File(directory).getAbsoluteFile();
    while (!at.exists() && at.getParentFile() != null) {
      at = at.getParentFile();
    }
    return at.getPath();
  }

  private boolean unknownUser() {
    return user.name().isBlank() || user.name().equals(NONE);
  }

  private boolean homeless() {
    return !new File(user.home()).isAbsolute();
  }

  private static String name(Map<String, String> environment) {
    String given = environment.getOrDefault("HADOOP_USER_NAME", "");
    return given.isBlank() ? "uid-" + uid() : given;
  }

  private static String uid() {
    try {
      return String.valueOf(Files.getAttribute(SELF, "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "unknown";
    }
  }

  private static Object owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** A folder for this user alone; one of that name that others could have made is refused. */
  private static String privateFolder(String temporary, String user) {
    Path folder = Path.of(temporary, "mona-home-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rwx------");
    try {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(own));
      }
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          || !owner(folder).equals(Files.getAttribute(SELF, "unix:uid"))
          || !Files.getPosixFilePermissions(folder).equals(own)) {
        throw new IOException("it is not this user's alone");
      }
      return folder.toString();
    } catch (IOException | UnsupportedOperationException e) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "this user has no home, and %s cannot serve as one (%s): set HOME to a folder of this user"
              .formatted(folder, e.getMessage()),
          e);
    }
  }
}

package dev.mona.cli.failure;

import dev.mona.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.KerberosAuthException;
import org.jspecify.annotations.Nullable;

/**
 * What Java, Hadoop and Spark throw, told by kind: what it means for a user, and what to do.
 *
 * @param code the exit code of the kind
 * @param sentence without the program's name
 */
record ForeignFailure(ExitCode code, String sentence) {
  static final String NO_MEMORY =
      "the memory of the Java heap does not suffice: give the JVM a larger one, smaller batches or fewer tasks at once";

  private static final int DEEPEST = 32;

  /** Java's complaint when the reader of a message had no memory to make its classes. */
  private static final String HALF_READ = "unread block data";

  /** The kind of a failure, by the first of its causes that has one. */
  static @Nullable ForeignFailure of(Throwable failure) {
    List<Throwable> chain = chain(failure);
    // a failure of memory has others as its consequence, and Spark keeps only its text
    for (Throwable at : chain) {
      if (at instanceof OutOfMemoryError
          || message(at).contains(OutOfMemoryError.class.getName())) {
        return new ForeignFailure(ExitCode.ENVIRONMENT, memory(chain));
      }
    }
    for (Throwable at : chain) {
      ForeignFailure found = kind(at);
      if (found != null) {
        return found;
      }
    }
    for (Throwable at : chain) {
      if (at instanceof IOException || at instanceof UncheckedIOException) {
        return storage(at);
      }
    }
    return null;
  }

  private static String memory(List<Throwable> chain) {
    for (Throwable at : chain) {
      // the native side says in which setting its limit is
      if (at instanceof OutOfMemoryError && !message(at).contains("Java heap space")) {
        return "the memory does not suffice ("
            + line(at)
            + "): give the JVM more, smaller batches or fewer tasks at once";
      }
    }
    return NO_MEMORY;
  }

  private static @Nullable ForeignFailure kind(Throwable at) {
    if (at instanceof StackOverflowError) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT,
          "an input nests deeper than the stack of the JVM: check configuration and JSON files, or give the JVM a larger one (-Xss4m)");
    }
    if (at instanceof FSError) {
      return storage(at);
    }
    if (at instanceof KerberosAuthException
        || at instanceof LoginException
        || at instanceof AccessControlException) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT,
          "Hadoop does not let this user in ("
              + line(at)
              + "): check the user, its Kerberos ticket or keytab, and its permissions");
    }
    if (at instanceof LinkageError || at instanceof ClassNotFoundException) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT,
          "a class or native library is missing or of another version ("
              + line(at)
              + "): use the jars of one build on driver and executors, and see mona doctor");
    }
    if (at instanceof InvalidPathException || at instanceof URISyntaxException) {
      return new ForeignFailure(
          ExitCode.CONFIGURATION, "an address is none (" + line(at) + "): check the paths");
    }
    String message = message(at);
    if (at instanceof ArithmeticException && message.contains("overflow")) {
      return new ForeignFailure(
          ExitCode.CONFIGURATION,
          "sizes multiply to more than an array holds ("
              + message
              + "): use smaller batches, samples or settings");
    }
    if (message.contains(HALF_READ)) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT,
          "a message between driver and executors could not be read, mostly because memory did not suffice: give the JVM a larger heap, or use the jars of one build everywhere");
    }
    if (at instanceof UnsupportedOperationException && message.contains("getSubject")) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT, "Hadoop cannot run on this Java: set JAVA_HOME to a JDK 17");
    }
    if (message.contains("ExecutorLostFailure")) {
      return new ForeignFailure(
          ExitCode.ENVIRONMENT,
          "an executor was lost ("
              + line(at)
              + "): look into its log, and give it the memory that mona validate --cluster computes");
    }
    return null;
  }

  private static ForeignFailure storage(Throwable at) {
    return new ForeignFailure(
        ExitCode.STORAGE,
        "a file system failed ("
            + line(at)
            + "): check that the path exists, that there is space and that this user may use it");
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = failure; at != null && chain.size() < DEEPEST; at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }

  private static String message(Throwable at) {
    return String.valueOf(at.getMessage());
  }

  /** Kind and message on one line; Spark and Hadoop put whole stacks into theirs. */
  static String line(Throwable at) {
    String name = at.getClass().getSimpleName();
    return at.getMessage() == null ? name : name + ": " + Reason.of(at);
  }
}

package dev.mona;

/**
 * What a library says of a failure, within a sentence. Hadoop puts whole stacks of its servers into
 * messages, and some exceptions have none.
 */
public final class Reason {
  private static final int LONGEST = 500;

  private Reason() {}

  /** The first line of the message, cut where it is very long; the kind where there is none. */
  public static String of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String first =
        message.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    if (failure.getMessage() == null || first.isEmpty()) {
      return failure.getClass().getSimpleName();
    }
    return Shown.line(first.length() > LONGEST ? first.substring(0, LONGEST) + "..." : first);
  }
}

package dev.mona;

/** Text from outside, made fit for a message: in quotes, on one line, and cut. */
public final class Quoted {
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  /** Letters, numbers, punctuation, symbols and spaces as they are; a ? for everything else. */
  public static String of(String text) {
    String head = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return "'" + head.replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]", "?") + "'";
  }
}

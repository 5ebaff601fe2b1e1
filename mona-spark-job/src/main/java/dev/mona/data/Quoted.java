package dev.mona.data;

/** Text from outside, made fit for an error message: one line, bounded, in quotes. */
final class Quoted {
  private static final int MAX = 80;

  private Quoted() {}

  static String of(String text) {
    String head = text.length() > MAX ? text.substring(0, MAX) + "..." : text;
    return "'" + head.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?") + "'";
  }
}

package dev.mona.weights;

/** Text from a file, made fit for a message: quoted, on one line, and cut. */
final class Quoted {
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < Math.min(text.length(), MAX_LENGTH); i++) {
      char c = text.charAt(i);
      quoted.append(Character.isISOControl(c) ? ' ' : c);
    }
    return quoted.append(text.length() > MAX_LENGTH ? "...'" : "'").toString();
  }
}

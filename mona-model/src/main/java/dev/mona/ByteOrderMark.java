package dev.mona;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * The mark EF BB BF that some editors put before UTF-8 text. It says nothing, so every reader of
 * text passes over it.
 */
public final class ByteOrderMark {
  private static final byte[] UTF_8 = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private ByteOrderMark() {}

  /** The bytes without a mark at their start; the same array when there is none. */
  public static byte[] without(byte[] text) {
    boolean marked =
        text.length >= UTF_8.length && Arrays.equals(text, 0, UTF_8.length, UTF_8, 0, UTF_8.length);
    return marked ? Arrays.copyOfRange(text, UTF_8.length, text.length) : text;
  }

  /** The text without a mark at its start. */
  public static String without(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /**
   * A stream without a mark at its start.
   *
   * @param in the stream at its first byte; closing the result closes it
   */
  public static InputStream without(InputStream in) throws IOException {
    PushbackInputStream text = new PushbackInputStream(in, UTF_8.length);
    byte[] head = text.readNBytes(UTF_8.length);
    if (!Arrays.equals(head, UTF_8)) {
      text.unread(head);
    }
    return text;
  }
}

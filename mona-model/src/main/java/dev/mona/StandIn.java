package dev.mona;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What lies in the place of a file that was not fetched: the pointer of Git LFS, or the page with
 * which a server answered a download. Every reader looks at the first bytes and names it as what it
 * is, since "not valid JSON" does not tell a user what to do.
 */
public final class StandIn {
  /** Bytes that are looked at. */
  private static final int HEAD = 256;

  private static final String LFS = "version https://git-lfs.github.com/spec/";

  private StandIn() {}

  /**
   * Refuses content that stands in for a file.
   *
   * @param category of the error
   * @param where name of the file for messages
   * @param content the file, or its first {@value #HEAD} bytes or more
   */
  public static void refuse(MonaException.Category category, String where, byte[] content) {
    String head =
        new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith(LFS)) {
      throw new MonaException(
          category,
          where
              + " is a pointer of Git LFS, not the file itself: fetch the file with git lfs pull");
    }
    String text = head.replaceFirst("^\\u00EF\\u00BB\\u00BF", "").stripLeading();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      throw new MonaException(
          category,
          where
              + " is an HTML page, not the file itself: a server answered the download with a page;"
              + " fetch the file from its own address");
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error>")) {
      throw new MonaException(
          category,
          where
              + " is an XML message, not the file itself: a server answered the download with it;"
              + " fetch the file from its own address");
    }
  }

  /**
   * A stream whose first bytes are no stand-in.
   *
   * @param category of the error
   * @param where name of the file for messages
   * @param in the file at its first byte; closing the result closes it
   * @return the file at its first byte
   */
  public static InputStream refuse(MonaException.Category category, String where, InputStream in)
      throws IOException {
    PushbackInputStream file = new PushbackInputStream(in, HEAD);
    byte[] head = file.readNBytes(HEAD);
    refuse(category, where, head);
    file.unread(head);
    return file;
  }
}

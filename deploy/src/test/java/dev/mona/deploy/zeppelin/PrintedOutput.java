package dev.mona.deploy.zeppelin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a paragraph prints, in the order in which it is printed. */
final class PrintedOutput extends ByteArrayOutputStream {
  synchronized void clear() {
    reset();
  }

  synchronized String text() {
    return toString(StandardCharsets.UTF_8);
  }
}

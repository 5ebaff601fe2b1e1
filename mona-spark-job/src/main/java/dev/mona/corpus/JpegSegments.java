package dev.mona.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The segments of a JPEG file (ITU-T T.81, annex B): a marker each, and data. Profiles and notes do
 * not go on to the reader: a profile would change the levels.
 */
final class JpegSegments {
  /** Passes over the whole image; encoders make about ten. */
  private static final int MAX_SCANS = 64;

  private static final int FIRST = 0xD8;
  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;

  /** Coefficients of 16 bits for each component, and the picture. */
  private static final int BYTES_PER_COMPONENT = 3;

  private JpegSegments() {}

  static boolean begins(byte[] content) {
    return content.length > 3
        && (content[0] & 0xff) == 0xff
        && (content[1] & 0xff) == FIRST
        && (content[2] & 0xff) == 0xff;
  }

  static ImageHeader header(byte[] content) throws IOException {
    try {
      return header(ByteBuffer.wrap(content), content);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("it ends before its end marker, truncated", e);
    }
  }

  private static ImageHeader header(ByteBuffer in, byte[] content) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(content.length);
    int scans = 0;
    int height = 0;
    int width = 0;
    int components = 0;
    in.position(2);
    kept.write(content, 0, 2);
    while (true) {
      int marker = marker(in);
      if (marker == END) {
        break;
      }
      int from = in.position();
      int length = in.getShort(from) & 0xffff;
      in.position(from + Math.max(2, length));
      if (marker == SCAN) {
        scans++;
        passEntropyCodedData(in);
      } else if (isFrame(marker)) {
        height = in.getShort(from + 3) & 0xffff;
        width = in.getShort(from + 5) & 0xffff;
        components = in.get(from + 7) & 0xff;
      }
      if (!isNote(marker)) {
        kept.write(0xff);
        kept.write(marker);
        kept.write(content, from, in.position() - from);
      }
    }
    kept.write(0xff);
    kept.write(END);
    if (scans > MAX_SCANS) {
      throw new IOException(
          String.format(Locale.ROOT, "%d scans, and %d are read", scans, MAX_SCANS));
    }
    if (components == 4) {
      throw new IOException("CMYK colours, which need a profile; convert it to RGB");
    }
    if (width == 0 || height == 0 || scans == 0 || (components != 1 && components != 3)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a JPEG of %d x %d pixels, %d components and %d scans",
              height,
              width,
              components,
              scans));
    }
    return new ImageHeader(width, height, components * BYTES_PER_COMPONENT, kept.toByteArray());
  }

  /** The next marker; any number of fill bytes may stand before it. */
  private static int marker(ByteBuffer in) throws IOException {
    if ((in.get() & 0xff) != 0xff) {
      throw new IOException(
          String.format(Locale.ROOT, "no marker at byte %d, damaged", in.position() - 1));
    }
    int marker = in.get() & 0xff;
    while (marker == 0xff) {
      marker = in.get() & 0xff;
    }
    return marker;
  }

  /** In the data of a scan FF 00 is a byte and FF D0 to FF D7 are restarts. */
  private static void passEntropyCodedData(ByteBuffer in) {
    while (true) {
      if ((in.get() & 0xff) == 0xff) {
        int next = in.get(in.position()) & 0xff;
        if (next == 0xff) {
          continue;
        }
        if (next != 0 && (next < 0xD0 || next > 0xD7)) {
          in.position(in.position() - 1);
          return;
        }
      }
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** Application segments but JFIF (0) and Adobe's (14), which tell the colour space; comments. */
  private static boolean isNote(int marker) {
    return marker == 0xFE || (marker > 0xE0 && marker <= 0xEF && marker != 0xEE);
  }
}

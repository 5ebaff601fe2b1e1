package dev.mona.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file (<a href="https://www.w3.org/TR/png-3/">PNG</a>): a length, a name of
 * four letters, data and a checksum each. Only those that hold the pixels go on to the reader, so
 * that neither compressed texts and profiles can blow up nor profiles, gamma and transparency
 * change a level.
 */
final class PngChunks {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int FRAME_BYTES = 12;
  private static final int HEADER_BYTES = 13;

  /** IHDR. */
  private static final int HEADER_NAME = 0x49484452;

  private PngChunks() {}

  static boolean begins(byte[] content) {
    return content.length > SIGNATURE.length
        && Arrays.equals(content, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  static ImageHeader header(byte[] content) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(content).position(SIGNATURE.length);
    ByteBuffer kept = ByteBuffer.allocate(content.length).put(SIGNATURE);
    requireHeader(in);
    ByteBuffer head = in.slice(in.position() + 8, HEADER_BYTES);
    String name = "";
    while (!name.equals("IEND")) {
      if (in.remaining() < FRAME_BYTES) {
        throw new IOException("it ends before its last chunk, truncated");
      }
      int from = in.position();
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "a chunk at byte %d of %d bytes, truncated or damaged",
                from,
                Integer.toUnsignedLong(length)));
      }
      name = new String(content, in.position(), 4, StandardCharsets.ISO_8859_1);
      CRC32 checksum = new CRC32();
      checksum.update(content, in.position(), 4 + length);
      in.position(in.position() + 4 + length);
      boolean critical = Character.isUpperCase(name.charAt(0));
      if (critical && (int) checksum.getValue() != in.getInt(in.position())) {
        throw new IOException(
            String.format(Locale.ROOT, "a chunk at byte %d with a wrong checksum, damaged", from));
      }
      in.position(in.position() + 4);
      if (critical) {
        kept.put(content, from, FRAME_BYTES + length);
      }
    }
    return header(head, Arrays.copyOf(kept.array(), kept.position()));
  }

  private static void requireHeader(ByteBuffer in) throws IOException {
    if (in.remaining() < FRAME_BYTES + HEADER_BYTES
        || in.getInt(in.position()) != HEADER_BYTES
        || in.getInt(in.position() + 4) != HEADER_NAME) {
      throw new IOException("no PNG header");
    }
  }

  private static ImageHeader header(ByteBuffer head, byte[] kept) throws IOException {
    int width = head.getInt();
    int height = head.getInt();
    int depth = head.get();
    int type = head.get();
    int components =
        switch (type) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> throw new IOException("colour type " + type + ", which PNG does not have");
        };
    if (width < 1 || height < 1) {
      throw new IOException("no pixels");
    }
    return new ImageHeader(width, height, components * Math.max(1, depth / 8) * 2, kept);
  }
}

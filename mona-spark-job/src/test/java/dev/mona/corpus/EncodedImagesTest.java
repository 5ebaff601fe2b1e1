package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Levels are those of Pillow 13.0's {@code convert("RGB")}. */
class EncodedImagesTest {
  private static final String TEXT = "tEXt";

  private static byte[] chunk(String name, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) checksum.getValue()).array();
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater(9);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** A PNG whose lines, each after its filter byte, are given. */
  private static byte[] png(
      int width, int height, int depth, int type, byte[] lines, byte[]... more) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) type);
    return bytes(
        HexFormat.of().parseHex("89504e470d0a1a0a"),
        chunk("IHDR", header.array()),
        bytes(more),
        chunk("IDAT", deflated(lines)),
        chunk("IEND", new byte[0]));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EncodedImagesTest.class.getResourceAsStream("/images/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] decode(ByteBudget budget, byte[]... contents) {
    return new EncodedImages("set")
        .decode(
            List.of(contents),
            LongStream.range(0, contents.length)
                .mapToObj(i -> new RowOfFile("a.parquet", i))
                .toList(),
            new int[contents.length],
            List.of("c"),
            budget)
        .pixels();
  }

  private static ByteBudget budget(long bytes) {
    return ByteBudget.of(MonaException.Category.DATA, "set", bytes);
  }

  private static byte[] decode(byte[] content) {
    return decode(budget(1 << 20), content);
  }

  private static String failure(ByteBudget budget, byte[]... contents) {
    MonaException e = catchThrowableOfType(MonaException.class, () -> decode(budget, contents));
    assertThat(e).as("failure").isNotNull();
    assertThat(e.category()).isEqualTo(MonaException.Category.DATA);
    return e.getMessage();
  }

  /** One line of pixels; what is expected is red, green and blue of the first pixel, and so on. */
  @ParameterizedTest
  @CsvSource({
    // grey: 128 stays 128
    "4, 8, 0, 00 80 c8 ff, 000000 808080 c8c8c8 ffffff",
    "2, 1, 0, 40, 000000 ffffff",
    "4, 2, 0, 1b, 000000 555555 aaaaaa ffffff",
    "3, 4, 0, 01f0, 000000 111111 ffffff",
    // 16 bits of grey are clipped
    "5, 16, 0, 0000 0080 00ff 0100 9c40, 000000 808080 ffffff ffffff ffffff",
    // alpha is dropped
    "3, 8, 4, 0a00 8080 c8ff, 0a0a0a 808080 c8c8c8",
    "2, 16, 4, 0ac8 0000 8001 ffff, 0a0a0a 808080",
    "2, 8, 6, 01020300 6496c8ff, 010203 6496c8",
    "1, 16, 6, 01ff 02ff 03ff 0000, 010203",
    // of 16 bits of a colour the high byte
    "2, 16, 2, 0ac8 0a64 00ff ffff feff 807f, 0a0a00 fffe80",
    "2, 8, 2, 000102 090807, 000102 090807",
  })
  void levelsArePillows(int width, int depth, int type, String line, String pixels) {
    byte[] planes = new byte[3 * width];
    byte[] expected = hex(pixels);
    for (int i = 0; i < planes.length; i++) {
      planes[i % 3 * width + i / 3] = expected[i];
    }
    byte[] content = png(width, 1, depth, type, bytes(new byte[1], hex(line)));
    assertThat(decode(content)).isEqualTo(planes);
    // gamma and transparency change nothing
    byte[] gamma = chunk("gAMA", hex("000186a0"));
    byte[] transparent = chunk("tRNS", hex(type == 2 ? "000000010002" : "0080"));
    byte[] more = type > 3 ? gamma : bytes(gamma, transparent);
    assertThat(decode(png(width, 1, depth, type, bytes(new byte[1], hex(line)), more)))
        .isEqualTo(planes);
  }

  @Test
  void aPaletteGivesItsColours() {
    byte[] palette = chunk("PLTE", hex("010203 6496c8 fffefd"));
    byte[] transparent = chunk("tRNS", hex("0080"));
    byte[] line = hex("00 000102");
    byte[] planes = hex("0164ff 0296fe 03c8fd");
    assertThat(decode(png(3, 1, 8, 3, line, palette))).isEqualTo(planes);
    assertThat(decode(png(3, 1, 8, 3, line, palette, transparent))).isEqualTo(planes);
  }

  /** Files and levels by Pillow, see tools/golden/jpeg.py: both decoders round alike. */
  @ParameterizedTest
  @ValueSource(strings = {"colour", "progressive", "grey"})
  void jpegsAreDecodedAsPillowDoes(String name) throws IOException {
    byte[] jpeg = resource(name + ".jpg");
    assertThat(decode(jpeg)).isEqualTo(resource(name + ".rgb"));
    byte[] profile =
        ICC_Profile.getInstance(name.equals("grey") ? ColorSpace.CS_GRAY : ColorSpace.CS_LINEAR_RGB)
            .getData();
    byte[] segment =
        ByteBuffer.allocate(18 + profile.length)
            .putShort((short) 0xffe2)
            .putShort((short) (16 + profile.length))
            .put("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII))
            .put(profile)
            .array();
    byte[] profiled =
        bytes(Arrays.copyOf(jpeg, 2), segment, Arrays.copyOfRange(jpeg, 2, jpeg.length));
    assertThat(decode(profiled)).isEqualTo(resource(name + ".rgb"));
  }

  @Test
  void whatIsNotReadNamesItsRowAndWhatToDo() throws IOException {
    byte[] good = resource("colour.jpg");
    String row = "set: the image of row 1 (counted from 0) of a.parquet cannot be decoded (";
    assertThat(failure(budget(1 << 20), good, resource("picture.webp")))
        .isEqualTo(
            row
                + "WebP, which is not read; convert it to PNG or JPEG): replace it or leave it out");
    assertThat(failure(budget(1 << 20), good, resource("cmyk.jpg")))
        .startsWith(row + "CMYK colours");
    assertThat(failure(budget(1 << 20), good, hex("00 11 22 33"))).startsWith(row + "no known");
    assertThat(failure(budget(1 << 20), good, new byte[0])).startsWith(row + "no known");
    byte[] other = png(1, 1, 8, 0, hex("00 00"));
    assertThat(failure(budget(1 << 20), good, other))
        .contains(
            "an image of 1 x 1 pixels in row 1 (counted from 0) of a.parquet beside one of 11 x 17"
                + " in row 0");
  }

  /** A decoder that fills up what is missing would make a picture of it, without a word. */
  @Test
  void noPrefixOfAnImageIsOne() throws IOException {
    for (byte[] whole :
        List.of(
            resource("colour.jpg"),
            resource("progressive.jpg"),
            png(3, 1, 8, 2, hex("00 010203 040506 070809")))) {
      for (int length = 1; length < whole.length; length += 7) {
        assertThat(failure(budget(1 << 20), Arrays.copyOf(whole, length))).contains("row 0");
      }
    }
    byte[] damaged = png(1, 1, 8, 0, hex("00 07"));
    damaged[damaged.length - 20] ^= 1;
    assertThat(failure(budget(1 << 20), damaged)).contains("with a wrong checksum, damaged");
    // fewer pixels than the header says
    assertThat(failure(budget(1 << 20), png(2, 2, 8, 0, hex("00 0708")))).contains("row 0");
  }

  /** 42 files of 50 kB that ask for 2.1 GB: nothing of that is allocated. */
  @Test
  void theSizeOfAllImagesIsCheckedBeforeOneIsDecoded() {
    byte[] large = png(4096, 4096, 1, 0, new byte[513 * 4096]);
    assertThat(large.length).isLessThan(10_000);
    byte[][] all = Collections.nCopies(42, large).toArray(byte[][]::new);
    assertThat(failure(budget(1 << 30), all))
        .contains("set asks for 2016 MiB of memory by its 42 images of 4096 x 4096 pixels")
        .contains("may take 1024 MiB in all");
    // and the decoder's own memory
    assertThat(failure(budget(60 << 20), large)).contains("image in row 0");
    assertThat(failure(budget(1 << 30), png(4097, 1, 1, 0, new byte[514])))
        .contains("1 x 4097 pixels, and a side can have 4096");
  }

  /** Each pass over a progressive JPEG costs a pass over all its pixels. */
  @Test
  void aJpegOfManyScansIsRefused() throws IOException {
    byte[] jpeg = resource("progressive.jpg");
    int first = 0;
    while (jpeg[first] != (byte) 0xff || jpeg[first + 1] != (byte) 0xda) {
      first++;
    }
    List<byte[]> parts = new ArrayList<>(List.of(Arrays.copyOf(jpeg, first)));
    parts.addAll(Collections.nCopies(65, hex("ffda 0008 0101 00 00 0001 55")));
    parts.add(Arrays.copyOfRange(jpeg, first, jpeg.length));
    assertThat(failure(budget(1 << 20), bytes(parts.toArray(byte[][]::new))))
        .contains("scans, and 64 are read");
  }

  /** 20 MB of one letter in a text that the reader has no use for, and a wrong length. */
  @Test
  void compressedTextsInAPngAreNotUnpacked() {
    byte[] bomb =
        bytes("Comment\0\0".getBytes(StandardCharsets.US_ASCII), deflated(new byte[20 << 20]));
    byte[] palette = chunk("PLTE", hex("010203"));
    assertThat(decode(png(1, 1, 8, 3, hex("00 00"), palette, chunk("zTXt", bomb))))
        .isEqualTo(hex("010203"));
    byte[] endless = chunk(TEXT, new byte[4]);
    endless[0] = 0x7f;
    assertThat(failure(budget(1 << 20), png(1, 1, 8, 0, hex("00 00"), endless)))
        .contains("a chunk at byte 33 of 2130706436 bytes, truncated or damaged");
  }
}

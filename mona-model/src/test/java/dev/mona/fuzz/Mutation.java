package dev.mona.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages of a file, one to four at a time, as a pure function of the seeds and a number. */
final class Mutation {
  /** Limits of types and of arrays, and what lies beside them. */
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    -2,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    1L << 24,
    1L << 28,
    1L << 30,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final String[] NUMBERS = {
    "0",
    "-1",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "99999999999999999999",
    "1e9",
    "1e999",
    "-0.0",
    "NaN",
    "0x7f",
    "1_000",
    "٣"
  };

  private static final byte[][] TEXTS = {
    bytes("\""),
    bytes("'"),
    bytes("\\"),
    bytes("{"),
    bytes("}"),
    bytes("[".repeat(3000)),
    bytes("{\"a\":".repeat(2000)),
    bytes("("),
    bytes(","),
    bytes(":"),
    bytes("\n"),
    bytes("\0"),
    bytes("null"),
    bytes("true"),
    bytes("${x}"),
    bytes("include url(\"http://a/\")"),
    bytes("\u001B[31m"),
    bytes("\u202E"),
    bytes("\uFEFF"),
    bytes("\u2028"),
    bytes("é"),
    {(byte) 0xC3},
    {(byte) 0xFF, (byte) 0xFE},
    bytes("a".repeat(5000)),
    bytes("../../etc/passwd")
  };

  private final List<byte[]> seeds;
  private final boolean text;
  private final SplittableRandom random;

  private Mutation(List<byte[]> seeds, boolean text, long number) {
    this.seeds = seeds;
    this.text = text;
    random = new SplittableRandom(number);
  }

  /**
   * A damaged file.
   *
   * @param text whether numbers and texts are exchanged too
   */
  static byte[] of(List<byte[]> seeds, boolean text, long number) {
    Mutation mutation = new Mutation(seeds, text, number);
    byte[] file = mutation.seed().clone();
    int damages = 1 + mutation.random.nextInt(4);
    for (int k = 0; k < damages && file.length > 0; k++) {
      file = mutation.damage(file);
    }
    return file;
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] damage(byte[] file) {
    int at = place(file.length);
    return switch (random.nextInt(text ? 11 : 7)) {
      case 0 -> {
        file[at] ^= (byte) (1 << random.nextInt(8));
        yield file;
      }
      case 1 -> {
        file[at] = (byte) random.nextInt(256);
        yield file;
      }
      case 2 -> extreme(file, at);
      case 3 -> Arrays.copyOf(file, random.nextInt(file.length));
      case 4 -> {
        int length = 1 + random.nextInt(Math.min(64, file.length));
        int from = random.nextInt(file.length - length + 1);
        yield splice(file, at, 0, Arrays.copyOfRange(file, from, from + length));
      }
      case 5 -> splice(file, at, Math.min(1 + random.nextInt(16), file.length - at), new byte[0]);
      case 6 -> {
        byte[] other = seed();
        int from = random.nextInt(other.length);
        int length = 1 + random.nextInt(other.length - from);
        byte[] part = Arrays.copyOfRange(other, from, from + length);
        yield splice(file, at, random.nextBoolean() ? file.length - at : 0, part);
      }
      case 7, 8 -> number(file, at);
      default -> splice(file, at, random.nextInt(2), TEXTS[random.nextInt(TEXTS.length)]);
    };
  }

  /** More often in the first bytes, which say what follows. */
  private int place(int length) {
    return random.nextInt(random.nextInt(3) == 0 ? Math.min(length, 256) : length);
  }

  private byte[] extreme(byte[] file, int at) {
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    int width = 1 << random.nextInt(4);
    boolean big = random.nextInt(4) == 0;
    for (int i = 0; i < width && at + i < file.length; i++) {
      file[at + i] = (byte) (value >>> (8 * (big ? width - 1 - i : i)));
    }
    return file;
  }

  /** Puts another number in the place of the next one. */
  private byte[] number(byte[] file, int at) {
    int from = at;
    while (from < file.length && !digit(file[from])) {
      from++;
    }
    int to = from;
    while (to < file.length && (digit(file[to]) || file[to] == '.')) {
      to++;
    }
    return splice(file, from, to - from, bytes(NUMBERS[random.nextInt(NUMBERS.length)]));
  }

  private static boolean digit(byte sign) {
    return sign >= '0' && sign <= '9';
  }

  private static byte[] splice(byte[] file, int at, int removed, byte[] inserted) {
    byte[] result = new byte[file.length - removed + inserted.length];
    System.arraycopy(file, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(file, at + removed, result, at + inserted.length, file.length - at - removed);
    return result;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.mona.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.data.NpyWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "|b1 0 1",
        "|i1 -128 127",
        "|u1 0 255",
        "<i2 -32768 32767",
        "<u2 0 65535",
        "<i4 -2147483648 2147483647",
        "<u4 0 4294967295",
        "<i8 -9007199254740992 9007199254740992",
        ">i2 -32768 32767",
        ">u4 0 4294967295",
        ">f8 -0.1 1e300",
        "=i4 -7 7",
        "<f4 -0.5 1.5e30",
        "<f8 -0.1 1e300"
      })
  void readsTheExtremesOfEachType(String descr, double low, double high) throws IOException {
    NpyArray array = read(NpyWriter.npy(descr, false, new int[] {2}, low, high));
    assertThat(array.type().descr()).isEqualTo(descr.substring(1));
    assertThat(array.value(0)).isEqualTo(descr.equals("<f4") ? (float) low : low);
    assertThat(array.value(1)).isEqualTo(descr.equals("<f4") ? (float) high : high);
    if (array.type().isInteger()) {
      assertThat(array.integer(0)).isEqualTo((long) low);
      assertThat(array.integer(1)).isEqualTo((long) high);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "15360, 1.0",
    "-16384, -2.0",
    "31743, 65504.0",
    "1, 5.960464477539063E-8",
    "1023, 6.097555160522461E-5",
    "1024, 6.103515625E-5",
    "13653, 0.333251953125",
    "31744, Infinity",
    "32256, NaN"
  })
  void readsHalvesInBothOrders(short bits, double value) throws IOException {
    byte[] little = bytes(bits, bits >> 8);
    byte[] big = bytes(bits >> 8, bits);
    String header = NpyWriter.header("<f2", false, 1);
    assertThat(read(NpyWriter.file(1, header, little)).value(0)).isEqualTo((Double) value);
    header = NpyWriter.header(">f2", false, 1);
    assertThat(read(NpyWriter.file(1, header, big)).value(0)).isEqualTo((Double) value);
  }

  /** The doubles nearest to whole numbers that have more digits than a double. */
  @Test
  void unsignedNumbersOf64BitsRoundOnce() throws IOException {
    for (String digits :
        List.of("18446744073709551615", "9223372036854775809", "13835058055282165761", "5")) {
      long bits = Long.parseUnsignedLong(digits);
      byte[] data = new byte[8];
      ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putLong(bits);
      NpyArray array = read(NpyWriter.file(1, NpyWriter.header("<u8", false, 1), data));
      assertThat(array.value(0)).isEqualTo(new BigDecimal(digits).doubleValue());
      assertThat(array.type().text(array.integer(0))).isEqualTo(digits);
    }
  }

  @Test
  void readsShapesAsPython2WroteThem() throws IOException {
    String header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 1L), }";
    NpyArray array = read(NpyWriter.file(1, header, bytes(1, 0, 2, 0)));
    assertThat(array.shape()).containsExactly(2, 1);
    assertThat(array.value(1)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"|i1", "<i2", ">i2", "<f4", ">f4", "<f8", ">f8"})
  void fortranAndRowMajorFilesOfTheSameArrayReadTheSame(String descr) throws IOException {
    for (int[] shape : new int[][] {{7}, {3, 4}, {1, 5}, {5, 1}, {2, 3, 4}, {3, 1, 2, 4}, {}}) {
      int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      double[] values = IntStream.range(0, size).asDoubleStream().toArray();
      for (boolean fortran : new boolean[] {false, true}) {
        NpyArray array = read(NpyWriter.npy(descr, fortran, shape, values));
        assertThat(array.shape()).isEqualTo(Arrays.stream(shape).boxed().toList());
        assertThat(IntStream.range(0, (int) array.size()).mapToDouble(array::value).toArray())
            .containsExactly(values);
      }
    }
  }

  @Test
  void fortranFileWrittenByHand() throws IOException {
    // [[1, 2, 3], [4, 5, 6]] column by column
    byte[] data = {1, 4, 2, 5, 3, 6};
    NpyArray array = read(NpyWriter.file(1, NpyWriter.header("|i1", true, 2, 3), data));
    assertThat(IntStream.range(0, 6).mapToLong(array::integer))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsAllVersions(int version) throws IOException {
    NpyArray array = read(NpyWriter.file(version, NpyWriter.header("|u1", false, 2), bytes(8, 9)));
    assertThat(array.integer(1)).isEqualTo(9);
  }

  @Test
  void readsDoubleQuotesAndNoTrailingCommas() throws IOException {
    String header = "{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"|u1\"}";
    assertThat(read(NpyWriter.file(1, header, bytes(8, 9))).shape()).containsExactly(2, 1);
  }

  @Test
  void anEmptyArrayIsRead() throws IOException {
    assertThat(read(NpyWriter.npy("<f4", true, new int[] {0, 4})).size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f16", "<c8", "|O", "<U4", "<u3", "|S3", "", "<M8[ns]", "<<f4", "f"})
  void refusesOtherTypes(String descr) {
    refuses(
        NpyWriter.file(1, NpyWriter.header(descr, false, 1), bytes(1)),
        "set.npy has dtype '" + descr + "': save it as one of b1, i1, u1, i2, u2");
  }

  @Test
  void refusesStructuredArrays() {
    refuses(
        NpyWriter.file(
            1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", bytes(1)),
        "set.npy is a structured array");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, } | not all of",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)} | 'descr' twice",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)} | neither True nor False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)} | no whole number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)} | in the place of ','",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)} | no whole number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,)} | no whole number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1} | in the place of '('",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x | text after its end",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, | end too early",
        "{'descr': '<f4 | open quote",
        "{descr: '<f4'} | no quoted text",
        "{'descr': '<f4', 'extra': 1} | unknown key 'extra'",
        "'' | in the place of '{'"
      })
  void refusesMalformedHeaders(String header, String problem) {
    refuses(NpyWriter.file(1, header, bytes(0, 0, 0, 0)), problem);
  }

  @Test
  void refusesMoreThan32Dimensions() {
    int[] ones = new int[33];
    Arrays.fill(ones, 1);
    refuses(NpyWriter.npy("|i1", false, ones, 1), "more than 32 dimensions");
  }

  @Test
  void refusesAHugeShapeBeforeAllocating() {
    refuses(
        NpyWriter.file(1, NpyWriter.header("<f8", false, 2147483647), bytes(1)),
        "should hold 17179869176 bytes for shape [2147483647] of f8 and holds 1");
    refuses(
        NpyWriter.file(
            1, NpyWriter.header("<f8", false, 2147483647, 2147483647, 2147483647), bytes(1)),
        "more elements than any file holds");
  }

  @Test
  void refusesAnArrayBeyondTheLargestJavaArray() {
    byte[] file = NpyWriter.file(1, NpyWriter.header("<f8", false, 2147483647), bytes());
    assertThatThrownBy(
            () ->
                NpyReader.read(
                    new ByteArrayInputStream(file), file.length + 17179869176L, "set.npy"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(
            "more than 2147483639: save the array row-major in an npy file of its own");
  }

  @Test
  void mapsAnArrayOfSeveralPages(@TempDir Path folder) throws IOException {
    int row = NpyArray.PAGE / 8;
    Path file = folder.resolve("long.npy");
    byte[] start = NpyWriter.file(1, NpyWriter.header("<f8", false, 3, row), bytes());
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.write(start);
      // a file with holes: it takes no space but where something is written
      content.setLength(start.length + 3L * NpyArray.PAGE);
      for (long position : new long[] {1, row - 1, row, 3L * row - 1}) {
        content.seek(start.length + 8 * position);
        content.writeLong(Long.reverseBytes(Double.doubleToLongBits((double) position)));
      }
    }
    NpyArray array = NpyReader.map(file, "long.npy");
    assertThat(array.shape()).containsExactly(3, row);
    for (long position : new long[] {1, row - 1, row, 3L * row - 1}) {
      assertThat(array.value(position)).isEqualTo((double) position);
    }
    assertThat(array.value(0)).isZero();
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(start.length + 3L * NpyArray.PAGE - 1);
    }
    assertThatThrownBy(() -> NpyReader.map(file, "long.npy"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("it is truncated or corrupt");
  }

  @Test
  void refusesAHugeHeader() {
    byte[] file = NpyWriter.file(2, NpyWriter.header("<f4", false, 1), bytes(0, 0, 0, 0));
    file[8] = file[9] = file[10] = file[11] = (byte) 0xFF;
    refuses(file, "npy header of 4294967295 bytes");
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] file = NpyWriter.npy("<f4", false, new int[] {2, 2}, 1, 2, 3, 4);
    assertThat(read(file).value(3)).isEqualTo(4);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut))
          .as("first %d bytes", length)
          .isInstanceOf(MonaException.class);
      // the length the file system reports may be wrong, too
      assertThatThrownBy(
              () -> NpyReader.read(new ByteArrayInputStream(cut), file.length, "set.npy"))
          .as("first %d bytes, reported %d", length, file.length)
          .isInstanceOf(MonaException.class);
    }
  }

  @Test
  void refusesBytesAfterTheArray() {
    byte[] file = NpyWriter.npy("|i1", false, new int[] {2}, 1, 2);
    refuses(Arrays.copyOf(file, file.length + 1), "and holds 3");
    assertThatThrownBy(
            () ->
                NpyReader.read(
                    new ByteArrayInputStream(Arrays.copyOf(file, file.length + 1)),
                    file.length,
                    "set.npy"))
        .hasMessageContaining("goes on after its array");
  }

  @Test
  void refusesWhatIsNoNpyFile() {
    refuses("id,label\n1,2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), "not an npy file");
    refuses(NpyWriter.file(4, NpyWriter.header("|i1", false, 1), bytes(1)), "npy version 4.0");
  }

  private static NpyArray read(byte[] file) throws IOException {
    return NpyReader.read(new ByteArrayInputStream(file), file.length, "set.npy");
  }

  private static void refuses(byte[] file, String problem) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageStartingWith("set.npy ")
        .hasMessageContaining(problem);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}

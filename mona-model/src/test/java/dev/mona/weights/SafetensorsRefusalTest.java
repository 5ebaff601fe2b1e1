package dev.mona.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile safetensors files: each ends in one sentence that says what is wrong. */
class SafetensorsRefusalTest {

  /** Header, number of data bytes, part of the sentence. */
  static List<Arguments> badHeaders() {
    return List.of(
        Arguments.of(tensors(entry("a", 2, 0, 8), entry("b", 2, 4, 12)), 12, "overlap"),
        Arguments.of(tensors(entry("a", 2, 0, 8), entry("b", 2, 0, 8)), 8, "overlap"),
        Arguments.of(tensors(entry("a", 2, 0, 8), entry("b", 2, 12, 20)), 20, "gap of 4 bytes"),
        Arguments.of(tensors(entry("a", 2, 4, 12)), 12, "gap of 4 bytes"),
        Arguments.of(tensors(entry("a", 2, 0, 8)), 9, "last 1 bytes to no tensor"),
        Arguments.of(tensors(entry("a", 2, 0, 8)), 7, "ends at byte 8"),
        Arguments.of(tensors(entry("a", 3, 0, 8)), 8, "does not fit its shape [3]"),
        Arguments.of(tensors(entry("a", 2, 8, 0)), 8, "does not fit"),
        Arguments.of(tensors(entry("a", 2, 0, 7)), 7, "does not fit"),
        Arguments.of(tensors(entry("a", 2, 0, 8), entry("a", 2, 8, 16)), 16, "Duplicate field 'a'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            8,
            "Duplicate field 'dtype'"),
        Arguments.of(
            "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "Duplicate field '__metadata__'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4],\"data_offsets\":[0,0]}}",
            0,
            "does not fit its shape"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}", 8, "number -1"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
            8,
            "not valid JSON"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
            8,
            "VALUE_NUMBER_FLOAT"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
            8,
            "more than 2 numbers"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}}", 8, "lacks"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "type 'C64'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "type 'f32'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "type 'Q4'"),
        Arguments.of("{\"__metadata__\":{\"k\":1}}", 0, "VALUE_NUMBER_INT"),
        Arguments.of("{\"__metadata__\":{\"k\":null}}", 0, "VALUE_NULL"),
        Arguments.of("{\"a\":null}", 0, "VALUE_NULL"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"z\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}",
            8,
            "overlap"),
        Arguments.of("{}\0", 0, "not valid JSON"),
        Arguments.of("\uFEFF{}", 0, "not valid JSON"),
        Arguments.of("[1,2]", 0, "START_ARRAY"),
        Arguments.of("{\"a\":", 0, "not valid JSON"),
        Arguments.of("{} {}", 0, "text after its end"),
        Arguments.of("{\"a\":" + "[".repeat(5000), 0, "needs START_OBJECT"));
  }

  @ParameterizedTest
  @MethodSource("badHeaders")
  void refusesABadHeader(String header, int dataBytes, String expected) {
    assertRefused(file(header, UTF_8, dataBytes), expected);
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() {
    assertRefused(file("{\"\u00e9\":{}}", ISO_8859_1, 0), "not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 17, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
  void refusesAnAbsurdHeaderLength(long announced) {
    byte[] file = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(announced).array();
    assertRefused(file, Long.toUnsignedString(announced) + " bytes");
  }

  @Test
  void refusesAHeaderOverTheLimitWithoutReadingIt() {
    byte[] start =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).array();
    assertThatThrownBy(() -> Safetensors.read(new ByteArrayInputStream(start), 1L << 40, "huge"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("2 to 100000000");
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(
        out,
        List.of(
            new WeightTensor("a", new long[] {2}, new float[] {1, 2}),
            new WeightTensor("b", new long[] {1}, new float[] {3})),
        Map.of("format", "pt"));
    byte[] file = out.toByteArray();
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertRefused(cut, "x.safetensors");
      // The file system may also promise more than the stream gives.
      assertThatThrownBy(
              () -> Safetensors.read(new ByteArrayInputStream(cut), file.length, "x.safetensors"))
          .as("length %d", length)
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void aTruncatedStreamCostsNoMemoryForThePromisedHeader() {
    byte[] start =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(99_000_000).array();
    assertThatThrownBy(
            () -> Safetensors.read(new ByteArrayInputStream(start), 100_000_000, "promise"))
        .hasMessageContaining("promise ends before the data");
  }

  @Test
  void aFailingStreamIsNotCalledDamaged() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read(byte[] target, int from, int count) throws IOException {
            throw new IOException("connection lost");
          }

          @Override
          public int read() throws IOException {
            throw new IOException("connection lost");
          }
        };
    assertThatThrownBy(() -> Safetensors.read(failing, 100, "x"))
        .isInstanceOf(IOException.class)
        .hasMessage("connection lost");
  }

  @Test
  void longAndStrangeNamesAreCutInMessages() {
    String name = "n\u0007".repeat(500);
    String header = tensors(entry(name.replace("\u0007", "\\u0007"), 3, 0, 8));
    assertThatThrownBy(() -> read(file(header, UTF_8, 8)))
        .message()
        .hasSizeLessThan(300)
        .doesNotContain("\u0007");
  }

  private static void assertRefused(byte[] file, String expected) {
    assertThatThrownBy(() -> read(file))
        .as("%d bytes", file.length)
        .asInstanceOf(InstanceOfAssertFactories.throwable(MonaException.class))
        .returns(MonaException.Category.WEIGHTS, MonaException::category)
        .hasMessageContaining("x.safetensors")
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  private static Map<String, WeightTensor> read(byte[] file) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(file), file.length, "x.safetensors");
  }

  private static String entry(String name, int size, int begin, int end) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
        .formatted(name, size, begin, end);
  }

  private static String tensors(String... entries) {
    return "{" + String.join(",", entries) + "}";
  }

  private static byte[] file(String header, Charset charset, int dataBytes) {
    byte[] json = header.getBytes(charset);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}

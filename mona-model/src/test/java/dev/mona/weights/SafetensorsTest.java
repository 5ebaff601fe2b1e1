package dev.mona.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.SharedFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @Test
  void roundTripKeepsNamesOrderShapesAndBits() throws IOException {
    long seed = 5;
    Random random = new Random(seed);
    // 300,001 elements span more than one chunk and end inside one.
    List<WeightTensor> tensors =
        List.of(
            tensor("z.weight", random, 300_001),
            tensor("a.bias", random, 3, 1, 7),
            tensor("scalar", random),
            tensor("empty", random, 0, 4),
            new WeightTensor(
                "odd \"name\"\n\u00e9",
                new long[] {4},
                new float[] {Float.NaN, -0f, Float.NEGATIVE_INFINITY, Float.MIN_VALUE}));
    byte[] file = write(tensors, Map.of("format", "pt"));

    Map<String, WeightTensor> read = read(file);

    assertThat(read.keySet())
        .containsExactly("z.weight", "a.bias", "scalar", "empty", tensors.get(4).name());
    for (WeightTensor expected : tensors) {
      WeightTensor actual = Objects.requireNonNull(read.get(expected.name()));
      assertThat(actual.name()).isEqualTo(expected.name());
      assertThat(actual.shape()).isEqualTo(expected.shape());
      assertThat(actual.values()).as("seed %d", seed).isEqualTo(expected.values());
    }
  }

  @Test
  void bytesFollowTheFormat() throws IOException {
    byte[] file =
        write(
            List.of(
                new WeightTensor("b", new long[] {1, 2}, new float[] {1f, -2f}),
                new WeightTensor("a", new long[0], new float[] {0.5f})),
            Map.of("y", "2", "x", "1"));

    String header =
        "{\"__metadata__\":{\"x\":\"1\",\"y\":\"2\"},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    ByteBuffer expected =
        ByteBuffer.allocate(8 + padded.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded.length()).put(padded.getBytes(UTF_8));
    expected.putInt(0x3f800000).putInt(0xc0000000).putInt(0x3f000000);
    assertThat(file).containsExactly(expected.array());
  }

  @Test
  void readsTheMetadata() throws IOException {
    byte[] file = write(List.of(), Map.of("format", "pt", "run", "7"));
    assertThat(Safetensors.readMetadata(new ByteArrayInputStream(file), file.length, "m"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("format", "pt", "run", "7"));
    assertThat(read(file)).isEmpty();
  }

  @Test
  void widensHalvesAndBrainFloatsAndPassesOverIntegers() throws IOException {
    // Stored out of header order: i at 0, h at 8, b at 14.
    ByteBuffer data = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(42);
    // 1.5, -2^-24 (smallest subnormal), 65504 (largest)
    data.putShort((short) 0x3e00).putShort((short) 0x8001).putShort((short) 0x7bff);
    // 1.0 and -(2^127) (1 + 127/128), the largest bfloat16
    data.putShort((short) 0x3f80).putShort((short) 0xff7f);
    byte[] file =
        file(
            "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[14,18]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]},"
                + "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
            data.array());

    Map<String, WeightTensor> read = read(file);

    assertThat(read.keySet()).containsExactly("b", "h");
    assertThat(values(read, "h")).containsExactly(1.5f, (float) -Math.pow(2, -24), 65504f);
    assertThat(values(read, "b"))
        .containsExactly(1f, (float) -(Math.pow(2, 127) * (1 + 127 / 128.0)));
  }

  @Test
  void readsFromAStreamThatGivesOneByteAtATime() throws IOException {
    byte[] file = write(List.of(tensor("w", new Random(1), 33)), Map.of());
    InputStream drip =
        new FilterInputStream(new ByteArrayInputStream(file)) {
          @Override
          public int read(byte[] target, int from, int count) throws IOException {
            return super.read(target, from, Math.min(count, 1));
          }
        };
    assertThat(values(Safetensors.read(drip, file.length, "drip"), "w"))
        .containsExactly(values(read(file), "w"));
  }

  @Test
  void refusesToWriteANameTwice() {
    WeightTensor w = new WeightTensor("w", new long[] {1}, new float[] {1});
    assertThatIllegalArgumentException().isThrownBy(() -> write(List.of(w, w), Map.of()));
  }

  @Test
  void readsAFileOfAnotherWriter() throws IOException {
    Path path = SharedFiles.require("weights/sam2_hiera_tiny_trunk.fp16.safetensors");
    JsonNode shapes =
        new ObjectMapper()
            .readTree(SharedFiles.require("weights/sam2_hiera_tiny_trunk.shapes.json").toFile());
    Map<String, WeightTensor> read;
    try (InputStream in = Files.newInputStream(path)) {
      read = Safetensors.read(in, Files.size(path), "sam2");
    }
    long parameters = read.values().stream().mapToLong(tensor -> tensor.values().length).sum();
    assertThat(read).hasSize(154);
    assertThat(parameters).isEqualTo(26_849_472);
    for (WeightTensor tensor : read.values()) {
      JsonNode shape = shapes.get(tensor.name());
      assertThat(Arrays.toString(tensor.shape()))
          .as(tensor.name())
          .isEqualTo(shape.toString().replace(",", ", "));
    }
  }

  private static WeightTensor tensor(String name, Random random, long... shape) {
    float[] values = new float[(int) Shapes.elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new WeightTensor(name, shape, values);
  }

  private static byte[] write(List<WeightTensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors, metadata);
    return out.toByteArray();
  }

  private static Map<String, WeightTensor> read(byte[] file) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(file), file.length, "test.safetensors");
  }

  private static float[] values(Map<String, WeightTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).values();
  }

  private static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  /** What safetensors 0.8 for Python loads, beside what its own writer makes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"__metadata__\":null,\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"new\":[{\"x\":[1]}],\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        " \n{\"\\u0061\":{\"data_offsets\":[0,8],\"shape\":[2],\"dtype\":\"F32\"}}  ",
        "{\"z\":{\"dtype\":\"I64\",\"shape\":[0,9],\"data_offsets\":[0,0]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
      })
  void readsWhatTheReferenceReads(String header) throws IOException {
    byte[] json = header.getBytes(UTF_8);
    boolean wide = header.contains("F64");
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    if (wide) {
      file.putDouble(0.1);
    } else {
      file.putFloat(1.5f).putFloat(-2);
    }
    Map<String, WeightTensor> tensors =
        Safetensors.read(new ByteArrayInputStream(file.array()), file.capacity(), "f");
    assertThat(WeightTensor.named("a", tensors).values())
        .containsExactly(wide ? new float[] {0.1f} : new float[] {1.5f, -2});
  }
}

package dev.mona.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.mona.MonaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files of the schema, built with the library's own writer. */
class OrtInitializersTest {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int FLOAT16 = 10;

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static int tensor(
      FlatBufferBuilder file, String name, int type, byte[] data, long... shape) {
    int text = file.createString(name);
    file.startVector(8, shape.length, 8);
    for (int i = shape.length - 1; i >= 0; i--) {
      file.addLong(shape[i]);
    }
    int dimensions = file.endVector();
    int bytes = file.createByteVector(data);
    file.startTable(6);
    file.addOffset(0, text, 0);
    file.addOffset(2, dimensions, 0);
    file.addInt(3, type, 0);
    file.addOffset(4, bytes, 0);
    return file.endTable();
  }

  private static byte[] file(FlatBufferBuilder file, int... tensors) {
    file.startVector(4, tensors.length, 4);
    for (int i = tensors.length - 1; i >= 0; i--) {
      file.addOffset(tensors[i]);
    }
    int initializers = file.endVector();
    file.startTable(9);
    file.addOffset(0, initializers, 0);
    int graph = file.endTable();
    file.startTable(10);
    file.addOffset(7, graph, 0);
    int model = file.endTable();
    file.startTable(4);
    file.addOffset(1, model, 0);
    file.finish(file.endTable(), "ORTM");
    return file.sizedByteArray();
  }

  private static byte[] valid() {
    FlatBufferBuilder file = new FlatBufferBuilder();
    return file(
        file,
        tensor(file, "a", FLOAT, floats(1.5f, -2, 3, 4, 5, 6), 2, 3),
        tensor(file, "shape", INT64, new byte[8], 1),
        tensor(file, "b", FLOAT16, new byte[] {0, 0x3c, 0, (byte) 0xc0}, 2));
  }

  @Test
  void readsWeightsAndPassesOverTheRest() {
    Map<String, WeightTensor> tensors = OrtInitializers.read(valid(), "m.ort");
    assertThat(tensors.keySet()).containsExactly("a", "b");
    assertThat(WeightTensor.named("a", tensors).shape()).containsExactly(2, 3);
    assertThat(WeightTensor.named("a", tensors).values()).containsExactly(1.5f, -2, 3, 4, 5, 6);
    assertThat(WeightTensor.named("b", tensors).values()).containsExactly(1, -2);
  }

  @Test
  void refusesAShapeThatTheDataDoNotFill() {
    for (long[] shape :
        new long[][] {{7}, {-1, -6}, {1L << 62, 4}, {1, 1, 1, 1, 1, 1, 1, 1, 6}, {1L << 61}}) {
      FlatBufferBuilder file = new FlatBufferBuilder();
      byte[] bytes = file(file, tensor(file, "a", FLOAT, new byte[24], shape));
      assertThatThrownBy(() -> OrtInitializers.read(bytes, "m.ort"))
          .as(Arrays.toString(shape))
          .isInstanceOf(MonaException.class)
          .hasMessageStartingWith("Tensor 'a' of m.ort has 24 bytes of data, which does not fit");
    }
  }

  /** A megabyte whose tensors all point to the same data, or to the same long name. */
  @Test
  void tensorsTogetherAreNoLargerThanTheFile() {
    FlatBufferBuilder data = new FlatBufferBuilder();
    int bytes = data.createByteVector(new byte[1 << 20]);
    int[] tensors = new int[1000];
    for (int i = 0; i < tensors.length; i++) {
      int name = data.createString("t" + i);
      tensors[i] = shared(data, name, bytes, 1 << 18);
    }
    byte[] bomb = file(data, tensors);
    assertThat(bomb.length).isLessThan(1_200_000);
    assertRefused(bomb, "of memory by its tensors, which share their data");

    FlatBufferBuilder names = new FlatBufferBuilder();
    int name = names.createString("n".repeat(1 << 20));
    int first = shared(names, name, names.createByteVector(new byte[4]), 1);
    int second = shared(names, name, names.createByteVector(new byte[4]), 1);
    assertRefused(file(names, first, second), "by its names of tensors, which share their letters");
  }

  private static int shared(FlatBufferBuilder file, int name, int data, long elements) {
    file.startVector(8, 1, 8);
    file.addLong(elements);
    int dimensions = file.endVector();
    file.startTable(6);
    file.addOffset(0, name, 0);
    file.addOffset(2, dimensions, 0);
    file.addInt(3, FLOAT, 0);
    file.addOffset(4, data, 0);
    return file.endTable();
  }

  @Test
  void refusesOtherFiles() {
    assertRefused(new byte[0], "m.ort is no model in ONNX Runtime's format");
    assertRefused(new byte[100], "m.ort is no model in ONNX Runtime's format");
    assertRefused(file(new FlatBufferBuilder()), "m.ort holds no weights");
    FlatBufferBuilder twice = new FlatBufferBuilder();
    assertRefused(
        file(
            twice,
            tensor(twice, "a", FLOAT, floats(1), 1),
            tensor(twice, "a", FLOAT, floats(1), 1)),
        "m.ort holds two tensors named 'a'");
  }

  /** Whatever is cut off or changed: another tensor or one sentence. */
  @Test
  void aDamagedFileEndsInOneSentence() {
    byte[] valid = valid();
    for (int i = 0; i < valid.length; i++) {
      readOrRefuse(Arrays.copyOf(valid, i));
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] changed = valid.clone();
        changed[i] = (byte) value;
        readOrRefuse(changed);
      }
    }
  }

  private static void readOrRefuse(byte[] file) {
    try {
      OrtInitializers.read(file, "m.ort");
    } catch (MonaException e) {
      assertThat(e.category()).isEqualTo(MonaException.Category.WEIGHTS);
    }
  }

  private static void assertRefused(byte[] file, String expected) {
    assertThatThrownBy(() -> OrtInitializers.read(file, "m.ort"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(expected);
  }
}

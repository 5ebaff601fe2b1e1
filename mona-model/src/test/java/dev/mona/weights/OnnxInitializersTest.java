package dev.mona.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.ByteString;

class OnnxInitializersTest {
  @Test
  void aProductTakesItsNameAndOrientationFromItsBias() throws IOException {
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(floats("onnx::MatMul_7", List.of(2L, 3L), 1, 2, 3, 4, 5, 6))
            .addInitializer(floats("layer.dense.bias", List.of(3L), 7, 8, 9))
            .addNode(node("MatMul", List.of("x", "onnx::MatMul_7"), "y"))
            .addNode(node("Add", List.of("layer.dense.bias", "y"), "z"))
            .build();

    Map<String, WeightTensor> read = read(graph);

    assertThat(read.keySet()).containsExactly("layer.dense.weight", "layer.dense.bias");
    assertThat(tensor(read, "layer.dense.weight").shape()).containsExactly(3, 2);
    assertThat(tensor(read, "layer.dense.weight").values()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(tensor(read, "layer.dense.bias").values()).containsExactly(7, 8, 9);
  }

  @Test
  void aGemmIsTransposedOnlyWhenStoredInputFirst() throws IOException {
    Onnx.GraphProto.Builder graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(floats("w", List.of(3L, 2L), 1, 2, 3, 4, 5, 6))
            .addInitializer(floats("v", List.of(2L, 3L), 1, 2, 3, 4, 5, 6))
            .addInitializer(floats("a.bias", List.of(3L), 0, 0, 0))
            .addInitializer(floats("b.bias", List.of(3L), 0, 0, 0));
    Onnx.NodeProto.Builder transB =
        node("Gemm", List.of("x", "w", "a.bias"), "y")
            .addAttribute(Onnx.AttributeProto.newBuilder().setName("transB").setI(1));
    graph.addNode(transB).addNode(node("Gemm", List.of("x", "v", "b.bias"), "z"));

    Map<String, WeightTensor> read = read(graph.build());

    assertThat(tensor(read, "a.weight").shape()).containsExactly(3, 2);
    assertThat(tensor(read, "a.weight").values()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(tensor(read, "b.weight").values()).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void initializersWithoutOneBiasStayAsStored() throws IOException {
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(floats("bare", List.of(1L, 2L), 1, 2))
            .addInitializer(floats("shared", List.of(1L, 2L), 3, 4))
            .addInitializer(floats("a.bias", List.of(2L), 0, 0))
            .addInitializer(floats("b.bias", List.of(2L), 0, 0))
            .addNode(node("MatMul", List.of("x", "bare"), "p"))
            .addNode(node("MatMul", List.of("x", "shared"), "q"))
            .addNode(node("MatMul", List.of("x", "shared"), "r"))
            .addNode(node("Add", List.of("q", "a.bias"), "s"))
            .addNode(node("Add", List.of("r", "b.bias"), "t"))
            .build();
    assertThat(read(graph).keySet()).containsExactly("bare", "shared", "a.bias", "b.bias");
  }

  @Test
  void widensHalvesRawAndTypedAndPassesOverIntegers() throws IOException {
    byte[] raw = {0x00, 0x3e, 0x00, (byte) 0xc0}; // 1.5 and -2 as little-endian binary16
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(empty("half", DataType.FLOAT16, 2).setRawData(ByteString.copyFrom(raw)))
            .addInitializer(
                empty("typed", DataType.FLOAT16, 2).addInt32Data(0x3e00).addInt32Data(0xc000))
            .addInitializer(
                empty("brain", DataType.BFLOAT16, 2).addInt32Data(0x3fc0).addInt32Data(0xc000))
            .addInitializer(empty("single", DataType.FLOAT, 2).addFloatData(1.5f).addFloatData(-2f))
            .addInitializer(empty("ids", DataType.INT64, 1).addInt64Data(3))
            .build();

    Map<String, WeightTensor> read = read(graph);

    assertThat(read.keySet()).containsExactly("half", "typed", "brain", "single");
    for (WeightTensor tensor : read.values()) {
      assertThat(tensor.values()).as(tensor.name()).containsExactly(1.5f, -2f);
    }
  }

  @Test
  void refusesWeightsKeptElsewhere() {
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(
                empty("w", DataType.FLOAT, 2)
                    .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(
                        Onnx.StringStringEntryProto.newBuilder()
                            .setKey("location")
                            .setValue("../../etc/passwd")))
            .build();
    assertThatThrownBy(() -> read(graph))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "m.onnx keeps tensor 'w' in another file, which is not read; save the model as one"
                + " file");
  }

  @Test
  void refusesDataThatDoesNotFitItsShape() {
    List<List<Long>> shapes =
        List.of(
            List.of(3L),
            List.of(-2L),
            List.of(1L << 62, 4L),
            List.of(1L << 61, 2L),
            List.of(Long.MAX_VALUE));
    for (List<Long> shape : shapes) {
      Onnx.GraphProto graph =
          Onnx.GraphProto.newBuilder().addInitializer(floats("w", shape, 1, 2)).build();
      assertThatThrownBy(() -> read(graph))
          .as("shape %s", shape)
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("'w' of m.onnx has 8 bytes of data");
    }
  }

  @Test
  void refusesTwoTensorsOfOneName() {
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(floats("w", List.of(1L), 1))
            .addInitializer(floats("w", List.of(1L), 2))
            .build();
    assertThatThrownBy(() -> read(graph))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("two tensors named 'w'");
  }

  @Test
  void refusesOtherFilesAndTruncatedOnes() {
    assertThatThrownBy(() -> read(Onnx.GraphProto.getDefaultInstance()))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("holds no weights");
    byte[] model =
        bytes(Onnx.GraphProto.newBuilder().addInitializer(floats("w", List.of(2L), 1, 2)).build());
    for (byte[] bad :
        List.of(
            Arrays.copyOf(model, model.length - 3),
            "<html>404</html>".getBytes(StandardCharsets.UTF_8))) {
      assertThatThrownBy(() -> OnnxInitializers.read(new ByteArrayInputStream(bad), "m.onnx"))
          .isInstanceOf(MonaException.class)
          .hasMessage("m.onnx is truncated, over 2 GiB or no ONNX model; fetch it again");
    }
  }

  private static WeightTensor tensor(Map<String, WeightTensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static Onnx.TensorProto.Builder empty(String name, DataType type, long... shape) {
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor;
  }

  private static Onnx.TensorProto floats(String name, List<Long> shape, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      raw.putFloat(value);
    }
    return empty(name, DataType.FLOAT)
        .addAllDims(shape)
        .setRawData(ByteString.copyFrom(raw.array()))
        .build();
  }

  private static Onnx.NodeProto.Builder node(String type, List<String> inputs, String output) {
    return Onnx.NodeProto.newBuilder().setOpType(type).addAllInput(inputs).addOutput(output);
  }

  private static byte[] bytes(Onnx.GraphProto graph) {
    return Onnx.ModelProto.newBuilder().setGraph(graph).build().toByteArray();
  }

  private static Map<String, WeightTensor> read(Onnx.GraphProto graph) throws IOException {
    return OnnxInitializers.read(new ByteArrayInputStream(bytes(graph)), "m.onnx");
  }
}

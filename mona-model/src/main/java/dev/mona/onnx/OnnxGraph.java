package dev.mona.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Nodes and constants of an ONNX graph as they come; every value has a name of its own. */
final class OnnxGraph {
  private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder();
  private final Map<List<Long>, String> numbers = new HashMap<>();
  private final Map<Float, String> scalars = new HashMap<>();
  private int values;

  Onnx.GraphProto.Builder builder() {
    return graph;
  }

  /**
   * Adds a node with one output.
   *
   * @param type the operator's
   * @return the output's name
   */
  String node(String type, List<String> inputs, Onnx.AttributeProto... attributes) {
    String output = type + "_" + values++;
    nodeNamed(output, type, inputs, attributes);
    return output;
  }

  /** The same with a name for the output. */
  void nodeNamed(
      String output, String type, List<String> inputs, Onnx.AttributeProto... attributes) {
    graph
        .addNodeBuilder()
        .setName(output)
        .setOpType(type)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(Arrays.asList(attributes));
  }

  /** Adds a constant; its values are taken as they are. */
  String constant(String name, float[] data, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(data.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    add(name, Onnx.TensorProto.DataType.FLOAT_VALUE, bytes, shape);
    return name;
  }

  /** One float, the same for all that ask for it. */
  String scalar(double value) {
    return scalars.computeIfAbsent(
        (float) value, v -> constant("scalar_" + scalars.size(), new float[] {v}));
  }

  /** A list of integers, the same for all that ask for it: a shape, axes or indices. */
  String integers(long... list) {
    return numbers.computeIfAbsent(
        LongStream.of(list).boxed().toList(),
        unused -> {
          String name = "integers_" + numbers.size();
          ByteBuffer bytes =
              ByteBuffer.allocate(Math.multiplyExact(list.length, Long.BYTES))
                  .order(ByteOrder.LITTLE_ENDIAN);
          bytes.asLongBuffer().put(list);
          add(name, Onnx.TensorProto.DataType.INT64_VALUE, bytes, list.length);
          return name;
        });
  }

  private void add(String name, int type, ByteBuffer bytes, long... shape) {
    ByteString raw = UnsafeByteOperations.unsafeWrap(bytes);
    Onnx.TensorProto.Builder tensor =
        graph.addInitializerBuilder().setName(name).setDataType(type).setRawData(raw);
    LongStream.of(shape).forEach(tensor::addDims);
  }

  static Onnx.AttributeProto ints(String name, long... values) {
    Onnx.AttributeProto.Builder attribute =
        Onnx.AttributeProto.newBuilder()
            .setName(name)
            .setType(Onnx.AttributeProto.AttributeType.INTS);
    LongStream.of(values).forEach(attribute::addInts);
    return attribute.build();
  }

  static Onnx.AttributeProto integer(String name, long value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static Onnx.AttributeProto real(String name, double value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  static Onnx.AttributeProto text(String name, String value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }
}

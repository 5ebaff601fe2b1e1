package dev.mona.weights;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import onnx.Onnx;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/**
 * The initialisers (weights) of an ONNX model, under the names and in the orientation of the model
 * it was exported from.
 *
 * <p>An exporter folds the transposition of a linear weight into the file: it is stored as {@code
 * [in, out]} under an anonymous name. Its bias keeps its name, so the weight of a {@code MatMul}
 * (or {@code Gemm}) takes its name from the bias added to the product, {@code x.bias -> x.weight},
 * and is transposed back to {@code [out, in]}. An initialiser without such a bias, or with several,
 * stays as it is stored.
 *
 * <p>No tensor is larger than what the file holds of it, and a file has at most 2 GiB (a limit of
 * protobuf). FLOAT, FLOAT16 and BFLOAT16 are read and widened to float; other types (position ids,
 * constants) are passed over.
 */
public final class OnnxInitializers {
  private OnnxInitializers() {}

  /**
   * The weights of a model, in the order of the file.
   *
   * @param in the file, at its first byte; not closed
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when the file is damaged or keeps its
   *     weights elsewhere
   */
  public static Map<String, WeightTensor> read(InputStream in, String where) throws IOException {
    try {
      return tensors(parse(in, where).getGraph(), where);
    } catch (MonaException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      // Messages of a few bytes become objects of hundreds.
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          where + " is damaged or too large for the memory of this process (-Xmx); fetch it again",
          e);
    }
  }

  private static Map<String, WeightTensor> tensors(Onnx.GraphProto graph, String where) {
    ByteBudget memory = ByteBudget.ofHeap(MonaException.Category.WEIGHTS, where);
    if (graph.getInitializerCount() == 0) {
      throw MonaException.weights(
          where + " holds no weights; give an ONNX model exported with its parameters");
    }
    Map<String, List<LinearWeightUse>> uses = LinearWeightUse.in(graph);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (Onnx.TensorProto initializer : graph.getInitializerList()) {
      WeightTensor stored = tensor(initializer, memory, where);
      if (stored == null) {
        continue;
      }
      List<LinearWeightUse> named = uses.getOrDefault(stored.name(), List.of());
      WeightTensor tensor = named.size() == 1 ? named.get(0).restore(stored) : stored;
      if (tensors.put(tensor.name(), tensor) != null) {
        throw MonaException.weights(
            where + " holds two tensors named " + Quoted.of(tensor.name()) + "; export it again");
      }
    }
    return tensors;
  }

  private static Onnx.ModelProto parse(InputStream in, String where) throws IOException {
    try {
      return Onnx.ModelProto.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          where + " is truncated, over 2 GiB or no ONNX model; fetch it again",
          e);
    }
  }

  private static @Nullable WeightTensor tensor(
      Onnx.TensorProto initializer, ByteBudget memory, String where) {
    String name = Quoted.of(initializer.getName());
    if (initializer.getDataLocation() == Onnx.TensorProto.DataLocation.EXTERNAL) {
      throw MonaException.weights(
          "%s keeps tensor %s in another file, which is not read; save the model as one file"
              .formatted(where, name));
    }
    ElementType type = type(initializer.getDataType());
    if (type == null) {
      return null;
    }
    long[] shape = new long[initializer.getDimsCount()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = initializer.getDims(i);
    }
    ByteBuffer data = data(initializer, type);
    long elements = Shapes.elements(shape);
    if (elements < 0
        || elements > Shapes.MAX_ELEMENTS
        || elements * type.bytes() != data.remaining()) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "Tensor %s of %s has %d bytes of data, which does not fit its shape %s; fetch it again",
              name,
              where,
              data.remaining(),
              Quoted.of(initializer.getDimsList().toString())));
    }
    float[] values = new float[memory.array(elements, Float.BYTES, "tensor " + name)];
    type.decode(data, values, 0, values.length);
    return new WeightTensor(initializer.getName(), shape, values);
  }

  /** The element type of a number in ONNX, or null for one that holds no weights. */
  static @Nullable ElementType type(int onnxType) {
    return switch (onnxType) {
      case DataType.FLOAT_VALUE -> ElementType.F32;
      case DataType.FLOAT16_VALUE -> ElementType.F16;
      case DataType.BFLOAT16_VALUE -> ElementType.BF16;
      default -> null;
    };
  }

  /** The stored elements, little-endian: as raw bytes, or rebuilt from the typed list. */
  private static ByteBuffer data(Onnx.TensorProto initializer, ElementType type) {
    if (!initializer.getRawData().isEmpty()) {
      return initializer.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    boolean single = type == ElementType.F32;
    int count = single ? initializer.getFloatDataCount() : initializer.getInt32DataCount();
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(count, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (single) {
        data.putFloat(initializer.getFloatData(i));
      } else {
        data.putShort((short) initializer.getInt32Data(i));
      }
    }
    return data.flip();
  }
}

package dev.mona.weights;

import dev.mona.MonaException;
import dev.mona.StandIn;
import dev.mona.Quoted;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The initialisers (weights) of a model in ONNX Runtime's own format, a FlatBuffers file (<a
 * href="https://onnxruntime.ai/docs/performance/model-optimizations/ort-format-models.html">format</a>),
 * as they are stored. Of the schema only the way to them is read: session, model, graph, tensors.
 *
 * <p>FLOAT, FLOAT16 and BFLOAT16 are read and widened to float; other types are passed over. No
 * tensor is larger than what the file holds of it.
 */
public final class OrtInitializers {
  private static final byte[] IDENTIFIER = "ORTM".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_BYTES = 8;
  private static final int MAX_RANK = 8;

  /** Numbers of fields in the schema. */
  private static final int SESSION_MODEL = 1;

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZERS = 0;
  private static final int TENSOR_NAME = 0;
  private static final int TENSOR_DIMENSIONS = 2;
  private static final int TENSOR_TYPE = 3;
  private static final int TENSOR_DATA = 4;

  private OrtInitializers() {}

  /**
   * The weights of a model, in the order of the file.
   *
   * @param file the whole file
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when the file is damaged or of another
   *     format
   */
  public static Map<String, WeightTensor> read(byte[] file, String where) {
    StandIn.refuse(MonaException.Category.WEIGHTS, where, file);
    if (file.length < HEAD_BYTES
        || !Arrays.equals(Arrays.copyOfRange(file, 4, HEAD_BYTES), IDENTIFIER)) {
      throw MonaException.weights(
          where + " is no model in ONNX Runtime's format; give the .ort file of an encoder");
    }
    try {
      return tensors(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN), where);
    } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS, where + " is damaged or truncated; fetch it again", e);
    }
  }

  private static Map<String, WeightTensor> tensors(ByteBuffer file, String where) {
    OrtTable session = OrtTable.root(file);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    if (session.has(SESSION_MODEL) && session.table(SESSION_MODEL).has(MODEL_GRAPH)) {
      OrtTable graph = session.table(SESSION_MODEL).table(MODEL_GRAPH);
      int count = graph.length(GRAPH_INITIALIZERS);
      for (int i = 0; i < count; i++) {
        WeightTensor tensor = tensor(graph.element(GRAPH_INITIALIZERS, i), where);
        if (tensor != null && tensors.put(tensor.name(), tensor) != null) {
          throw MonaException.weights(
              where + " holds two tensors named " + Quoted.of(tensor.name()) + "; fetch it again");
        }
      }
    }
    if (tensors.isEmpty()) {
      throw MonaException.weights(where + " holds no weights; give the .ort file of an encoder");
    }
    return tensors;
  }

  private static @Nullable WeightTensor tensor(OrtTable stored, String where) {
    ElementType type = OnnxInitializers.type(stored.number(TENSOR_TYPE));
    if (type == null) {
      return null;
    }
    String name = stored.text(TENSOR_NAME);
    int rank = stored.length(TENSOR_DIMENSIONS);
    ByteBuffer data = stored.bytes(TENSOR_DATA).order(ByteOrder.LITTLE_ENDIAN);
    long[] shape = new long[Math.max(0, Math.min(rank, MAX_RANK))];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = stored.number(TENSOR_DIMENSIONS, i);
    }
    long elements = Shapes.elements(shape);
    if (rank != shape.length
        || elements < 0
        || elements > data.remaining()
        || elements * type.bytes() != data.remaining()) {
      throw MonaException.weights(
          "Tensor %s of %s has %d bytes of data, which does not fit its shape %s; fetch it again"
              .formatted(Quoted.of(name), where, data.remaining(), Arrays.toString(shape)));
    }
    float[] values = new float[(int) elements];
    type.decode(data, values, 0, values.length);
    return new WeightTensor(name, shape, values);
  }
}

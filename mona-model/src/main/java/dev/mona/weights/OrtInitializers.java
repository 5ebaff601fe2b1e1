package dev.mona.weights;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.StandIn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The initialisers (weights) of a model in ONNX Runtime's own format, a FlatBuffers file (<a
 * href="https://onnxruntime.ai/docs/performance/model-optimizations/ort-format-models.html">format</a>),
 * as they are stored. Of the schema only the way to them is read: session, model, graph, tensors.
 *
 * <p>FLOAT, FLOAT16 and BFLOAT16 are read and widened to float; other types are passed over. No
 * tensor is larger than what the file holds of it. FlatBuffers may let many tensors point to the
 * same bytes; a model has no use for that, so all tensors together are no larger than the file.
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
    } catch (MonaException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever FlatBuffers throws for offsets that lead nowhere.
      throw new MonaException(
          MonaException.Category.WEIGHTS, where + " is damaged or truncated; fetch it again", e);
    }
  }

  private static Map<String, WeightTensor> tensors(ByteBuffer file, String where) {
    OrtTable session = OrtTable.root(file);
    ByteBudget stored = ByteBudget.of(MonaException.Category.WEIGHTS, where, file.limit());
    ByteBudget memory = ByteBudget.ofHeap(MonaException.Category.WEIGHTS, where);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    if (session.has(SESSION_MODEL) && session.table(SESSION_MODEL).has(MODEL_GRAPH)) {
      OrtTable graph = session.table(SESSION_MODEL).table(MODEL_GRAPH);
      int count = graph.length(GRAPH_INITIALIZERS);
      for (int i = 0; i < count; i++) {
        WeightTensor tensor = tensor(graph.element(GRAPH_INITIALIZERS, i), stored, memory, where);
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

  private static @Nullable WeightTensor tensor(
      OrtTable table, ByteBudget stored, ByteBudget memory, String where) {
    ElementType type = OnnxInitializers.type(table.number(TENSOR_TYPE));
    if (type == null) {
      return null;
    }
    String name = text(table, stored);
    int rank = table.length(TENSOR_DIMENSIONS);
    ByteBuffer data = table.bytes(TENSOR_DATA).order(ByteOrder.LITTLE_ENDIAN);
    long[] shape = new long[Math.max(0, Math.min(rank, MAX_RANK))];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = table.number(TENSOR_DIMENSIONS, i);
    }
    long elements = Shapes.elements(shape);
    if (rank != shape.length
        || elements < 0
        || elements > data.remaining()
        || elements * type.bytes() != data.remaining()) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "Tensor %s of %s has %d bytes of data, which does not fit its shape %s; fetch it again",
              Quoted.of(name),
              where,
              data.remaining(),
              Arrays.toString(shape)));
    }
    stored.take(data.remaining(), "tensors, which share their data");
    float[] values = new float[memory.array(elements, Float.BYTES, "tensor " + Quoted.of(name))];
    type.decode(data, values, 0, values.length);
    return new WeightTensor(name, shape, values);
  }

  /** The name of a tensor; a long one could stand for many. */
  private static String text(OrtTable table, ByteBudget stored) {
    stored.take(table.textLength(TENSOR_NAME), "names of tensors, which share their letters");
    return table.text(TENSOR_NAME);
  }
}

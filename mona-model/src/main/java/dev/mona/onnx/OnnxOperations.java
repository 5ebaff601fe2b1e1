package dev.mona.onnx;

import dev.mona.autodiff.Replay;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Function;
import dev.mona.compute.RowIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Operations of a tape as nodes of ONNX. The tape was recorded with one sample; each value that
 * follows from the input gets an axis in front, of any number of samples. No operation of a network
 * mixes samples, so each is the same along that axis.
 */
final class OnnxOperations implements Replay<OnnxValue> {
  private static final double SQRT_HALF = Math.sqrt(0.5);

  private final OnnxGraph graph;
  private final Map<Variable, String> parameters;

  /** Names of constants that are in the graph already, by what they are called. */
  private final Map<String, String> written = new HashMap<>();

  private final Map<Variable, String> names = new HashMap<>();

  /**
   * Operations of one graph.
   *
   * @param parameters what the leaves of parameters are called
   */
  OnnxOperations(OnnxGraph graph, Map<Variable, String> parameters) {
    this.graph = graph;
    this.parameters = parameters;
  }

  @Override
  public OnnxValue constant(Variable value) {
    return OnnxValue.of(value);
  }

  private OnnxValue node(String type, List<String> inputs, long... shape) {
    return OnnxValue.of(graph.node(type, inputs), shape);
  }

  private String nameOf(Variable constant) {
    return names.computeIfAbsent(
        constant, unused -> parameters.getOrDefault(constant, "constant_" + names.size()));
  }

  /** Writes a constant once. */
  private String write(String name, float[] values, long... shape) {
    return written.computeIfAbsent(name, unused -> graph.constant(name, values, shape));
  }

  private String operand(OnnxValue value) {
    Variable constant = value.constant();
    return constant == null
        ? value.name()
        : write(nameOf(constant), constant.value().toFloats(), value.shape());
  }

  /** The same with an axis of samples in front, of size 1 for a constant. */
  private String batched(OnnxValue value) {
    Variable constant = value.constant();
    if (constant == null) {
      return value.name();
    }
    long[] shape = LongStream.concat(LongStream.of(1), LongStream.of(value.shape())).toArray();
    return write(nameOf(constant) + ".batch", constant.value().toFloats(), shape);
  }

  private String reshaped(String name, long... perSample) {
    long[] shape = LongStream.concat(LongStream.of(0), LongStream.of(perSample)).toArray();
    return graph.node("Reshape", List.of(name, graph.integers(shape)));
  }

  private String transposed(String name, long... perSample) {
    long[] axes =
        LongStream.concat(LongStream.of(0), LongStream.of(perSample).map(axis -> axis + 1))
            .toArray();
    return graph.node("Transpose", List.of(name), OnnxGraph.ints("perm", axes));
  }

  /** An operand that is broadcast to the rank of another one. */
  private String alignedTo(int rank, OnnxValue value) {
    if (value.constant() != null || value.rank() == rank) {
      return operand(value);
    }
    long[] ones = new long[rank - value.rank()];
    Arrays.fill(ones, 1);
    return reshaped(
        value.name(),
        LongStream.concat(LongStream.of(ones), LongStream.of(value.shape())).toArray());
  }

  private OnnxValue elementwise(String type, OnnxValue a, OnnxValue b) {
    return node(type, List.of(operand(a), alignedTo(a.rank(), b)), a.shape());
  }

  private OnnxValue withScalar(String type, OnnxValue x, double scalar) {
    return node(type, List.of(operand(x), graph.scalar(scalar)), x.shape());
  }

  private OnnxValue unary(String type, OnnxValue x) {
    return node(type, List.of(operand(x)), x.shape());
  }

  @Override
  public OnnxValue add(OnnxValue a, OnnxValue b) {
    return elementwise("Add", a, b);
  }

  @Override
  public OnnxValue subtract(OnnxValue a, OnnxValue b) {
    return elementwise("Sub", a, b);
  }

  @Override
  public OnnxValue multiply(OnnxValue a, OnnxValue b) {
    return elementwise("Mul", a, b);
  }

  @Override
  public OnnxValue scale(OnnxValue x, double factor) {
    return withScalar("Mul", x, factor);
  }

  @Override
  public OnnxValue shift(OnnxValue x, double amount) {
    return withScalar("Add", x, amount);
  }

  @Override
  public OnnxValue power(OnnxValue x, double exponent) {
    return withScalar("Pow", x, exponent);
  }

  @Override
  public OnnxValue map(OnnxValue x, Function function) {
    return switch (function) {
      case EXP -> unary("Exp", x);
      case LOG -> unary("Log", x);
      case SIGMOID -> unary("Sigmoid", x);
      case SOFTPLUS -> unary("Softplus", x);
      case NORMAL_DISTRIBUTION -> normalDistribution(x);
      case GELU -> multiply(normalDistribution(x), x);
      case GELU_SLOPE, NORMAL_DENSITY ->
          throw new UnsupportedOperationException("a function of derivatives: " + function);
    };
  }

  /** {@code (1 + erf(x / sqrt 2)) / 2}. */
  private OnnxValue normalDistribution(OnnxValue x) {
    return scale(shift(unary("Erf", scale(x, SQRT_HALF)), 1), 0.5);
  }

  @Override
  public OnnxValue matmul(OnnxValue a, OnnxValue b, boolean transposeA, boolean transposeB) {
    long[] shape = a.rank() >= b.rank() ? a.shape().clone() : b.shape().clone();
    shape[shape.length - 2] = a.size(transposeA ? -1 : -2);
    shape[shape.length - 1] = b.size(transposeB ? -2 : -1);
    return node("MatMul", List.of(factor(a, transposeA), factor(b, transposeB)), shape);
  }

  /** A factor of a product; a constant matrix is written as it is needed. */
  private String factor(OnnxValue value, boolean transpose) {
    if (!transpose) {
      return operand(value);
    }
    Variable constant = value.constant();
    int rank = value.rank();
    if (constant != null && rank == 2) {
      int rows = Math.toIntExact(value.size(0));
      int columns = Math.toIntExact(value.size(1));
      return written.computeIfAbsent(
          nameOf(constant) + ".transposed",
          name -> {
            float[] turned = transposed(constant.value().toFloats(), rows, columns);
            return graph.constant(name, turned, columns, rows);
          });
    }
    long[] axes = LongStream.range(0, rank).toArray();
    axes[rank - 2] = rank - 1L;
    axes[rank - 1] = rank - 2L;
    return transposed(batched(value), axes);
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }

  @Override
  public OnnxValue attentionScores(
      OnnxValue queries, OnnxValue keys, int heads, int length, double factor) {
    long groups = queries.size(0) / length;
    long keyLength = keys.size(0) / groups;
    long part = queries.size(1) / heads;
    String q = transposed(reshaped(batched(queries), groups, length, heads, part), 0, 2, 1, 3);
    String k = transposed(reshaped(batched(keys), groups, keyLength, heads, part), 0, 2, 3, 1);
    OnnxValue products = node("MatMul", List.of(q, k), groups, heads, length, keyLength);
    return scale(products, factor);
  }

  @Override
  public OnnxValue attentionMix(OnnxValue weights, OnnxValue values) {
    long groups = weights.size(0);
    long heads = weights.size(1);
    long length = weights.size(2);
    long width = values.size(1);
    String v =
        transposed(
            reshaped(batched(values), groups, weights.size(3), heads, width / heads), 0, 2, 1, 3);
    String mixed = graph.node("MatMul", List.of(batched(weights), v));
    String rows = transposed(mixed, 0, 2, 1, 3);
    return OnnxValue.of(reshaped(rows, groups * length, width), groups * length, width);
  }

  @Override
  public OnnxValue gatherRows(OnnxValue x, RowIndex rows) {
    long[] indices = IntStream.range(0, rows.size()).mapToLong(rows::row).toArray();
    String from = batched(x);
    if (Arrays.stream(indices).anyMatch(row -> row == RowIndex.ZERO)) {
      from = graph.node("Pad", List.of(from, graph.integers(0, 0, 0, 0, 1, 0)));
      indices = Arrays.stream(indices).map(i -> i == RowIndex.ZERO ? x.size(0) : i).toArray();
    }
    String gathered =
        graph.node("Gather", List.of(from, graph.integers(indices)), OnnxGraph.integer("axis", 1));
    return OnnxValue.of(gathered, rows.size(), x.size(1));
  }

  @Override
  public OnnxValue rowRange(OnnxValue x, long from, long to) {
    long[] shape = x.shape().clone();
    shape[0] = to - from;
    return node(
        "Slice",
        List.of(batched(x), graph.integers(from), graph.integers(to), graph.integers(1)),
        shape);
  }

  @Override
  public OnnxValue groupMax(OnnxValue x, int size) {
    long groups = x.size(0) / size;
    String grouped = reshaped(batched(x), groups, size, x.size(1));
    String largest =
        graph.node(
            "ReduceMax",
            List.of(grouped),
            OnnxGraph.ints("axes", 2),
            OnnxGraph.integer("keepdims", 0));
    return OnnxValue.of(largest, groups, x.size(1));
  }

  private OnnxValue overLast(String type, OnnxValue x) {
    return OnnxValue.of(
        graph.node(type, List.of(operand(x)), OnnxGraph.integer("axis", -1)), x.shape());
  }

  @Override
  public OnnxValue softmax(OnnxValue x) {
    return overLast("Softmax", x);
  }

  @Override
  public OnnxValue logSoftmax(OnnxValue x) {
    return overLast("LogSoftmax", x);
  }

  @Override
  public OnnxValue normalize(OnnxValue x, double epsilon) {
    float[] gain = new float[Math.toIntExact(x.size(-1))];
    Arrays.fill(gain, 1);
    String name =
        graph.node(
            "LayerNormalization",
            List.of(operand(x), write("ones_" + gain.length, gain, gain.length)),
            OnnxGraph.integer("axis", -1),
            OnnxGraph.real("epsilon", epsilon));
    return OnnxValue.of(name, x.shape());
  }

  @Override
  public OnnxValue sumLast(OnnxValue x) {
    long[] shape = x.shape().clone();
    shape[shape.length - 1] = 1;
    return node("ReduceSum", List.of(operand(x), graph.integers(-1)), shape);
  }

  @Override
  public OnnxValue reshape(OnnxValue x, long... shape) {
    return OnnxValue.of(reshaped(batched(x), shape), shape);
  }

  @Override
  public OnnxValue permute(OnnxValue x, int... axes) {
    long[] shape = IntStream.of(axes).mapToLong(x::size).toArray();
    return OnnxValue.of(transposed(batched(x), IntStream.of(axes).asLongStream().toArray()), shape);
  }
}

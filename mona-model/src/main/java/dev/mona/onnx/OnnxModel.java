package dev.mona.onnx;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Device;
import dev.mona.network.Network;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import onnx.Onnx;

/**
 * A trained network h(f(e(x))) as an ONNX model, derived from what its forward pass records.
 *
 * <p>The input {@value #FEATURES} is {@code [batch, C, H, W]}, of a series {@code [batch, C, L]},
 * with the values that the data set holds. Of classes and labels the outputs are {@value #LOGITS}
 * and {@value #PROBABILITY}, {@code [batch, outputs]}; of fields it is {@value #FIELD}, {@code
 * [batch, outputs, H, W]} or {@code [batch, outputs, L]}, in the units of the labels.
 *
 * @param proto the model
 */
public record OnnxModel(Onnx.ModelProto proto) {
  public static final String FEATURES = "features";
  public static final String LOGITS = "logits";
  public static final String PROBABILITY = "probability";
  public static final String FIELD = "field";

  /** The first that has layer normalisation as one operator. */
  public static final int OPSET = 17;

  /** Of files for that opset. */
  private static final int IR_VERSION = 8;

  private static final String BATCH = "batch";

  /** What a protobuf message may have, with room for the nodes. */
  private static final long LARGEST = Integer.MAX_VALUE - (64L << 20);

  /**
   * The model of a network.
   *
   * @param parameters on the device
   * @param facts what the file says of itself, by name
   * @throws MonaException of the category {@code WEIGHTS} if it has more than a file of ONNX holds
   */
  public static OnnxModel of(
      Network network, ParameterSet parameters, Device device, Map<String, String> facts) {
    requireSmall(network);
    OnnxGraph graph = new OnnxGraph();
    try (Tape tape = new Tape(device)) {
      float[] sample = new float[network.task().featureLength()];
      LeafSet leaves = LeafSet.of(tape, parameters);
      Variable patches = network.embedder().patches(tape, sample);
      Variable output = network.predict(tape, leaves, patches, Dropout.NONE);
      OnnxValue input = new OnnxInput(graph).patches(network.embedder(), FEATURES);
      OnnxOperations operations = new OnnxOperations(graph, names(network, leaves));
      OnnxValue predicted = tape.replay(patches, input, output, operations);
      outputs(graph, network.task(), predicted);
    }
    graph.builder().setName(network.task().name()).addInput(value(FEATURES, features(network)));
    Onnx.ModelProto.Builder model =
        Onnx.ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("mona")
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph.builder());
    facts.forEach((name, fact) -> model.addMetadataPropsBuilder().setKey(name).setValue(fact));
    return new OnnxModel(model.build());
  }

  private static void requireSmall(Network network) {
    long values = 0;
    for (ParameterGroup group : ParameterGroup.values()) {
      values += network.layout(group).length();
    }
    if (values > LARGEST / Float.BYTES) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "the network has %d parameters and an ONNX file holds %d: use finetuned/model.safetensors",
              values,
              LARGEST / Float.BYTES));
    }
  }

  private static Map<Variable, String> names(Network network, LeafSet leaves) {
    Map<Variable, String> names = new HashMap<>();
    for (ParameterGroup group : ParameterGroup.values()) {
      Leaves of =
          switch (group) {
            case EMBEDDER -> leaves.embedder();
            case ENCODER -> leaves.encoder();
            case HEAD -> leaves.head();
          };
      String prefix =
          switch (group) {
            case EMBEDDER -> "target_embedder.";
            case ENCODER -> "";
            case HEAD -> "head.";
          };
      for (ParameterLayout.Entry entry : network.layout(group).entries()) {
        names.put(of.get(entry.name()), prefix + entry.name());
      }
    }
    return names;
  }

  /** Axes of a sample, the one in front left out. */
  private static List<Long> features(Network network) {
    return grid(network.task(), network.task().shape().channels());
  }

  private static List<Long> grid(TaskSpec task, long values) {
    return task.shape().isSeries()
        ? List.of(values, (long) task.shape().width())
        : List.of(values, (long) task.shape().height(), (long) task.shape().width());
  }

  private static void outputs(OnnxGraph graph, TaskSpec task, OnnxValue predicted) {
    switch (task.kind()) {
      case CLASSIFICATION -> decided(graph, task, predicted, "Softmax");
      case MULTI_LABEL -> decided(graph, task, predicted, "Sigmoid");
      case DENSE -> output(graph, FIELD, predicted, grid(task, task.outputs()));
    }
  }

  private static void decided(OnnxGraph graph, TaskSpec task, OnnxValue predicted, String shares) {
    List<Long> shape = List.of((long) task.outputs());
    output(graph, LOGITS, predicted, shape);
    graph.nodeNamed(PROBABILITY, shares, List.of(LOGITS));
    graph.builder().addOutput(value(PROBABILITY, shape));
  }

  private static void output(
      OnnxGraph graph, String name, OnnxValue predicted, List<Long> perSample) {
    long[] shape = new long[perSample.size() + 1];
    for (int i = 1; i < shape.length; i++) {
      shape[i] = perSample.get(i - 1);
    }
    graph.nodeNamed(name, "Reshape", List.of(predicted.name(), graph.integers(shape)));
    graph.builder().addOutput(value(name, perSample));
  }

  private static Onnx.ValueInfoProto value(String name, List<Long> perSample) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(BATCH);
    perSample.forEach(size -> shape.addDimBuilder().setDimValue(size));
    Onnx.TypeProto.Tensor tensor =
        Onnx.TypeProto.Tensor.newBuilder()
            .setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .setShape(shape)
            .build();
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Its inputs and outputs with their shapes, such as {@code [batch, 3]}: a size, or its name. */
  public Map<String, List<String>> interfaces() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    proto.getGraph().getInputList().forEach(input -> all.put(input.getName(), shape(input)));
    proto.getGraph().getOutputList().forEach(output -> all.put(output.getName(), shape(output)));
    return all;
  }

  private static List<String> shape(Onnx.ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(dim -> dim.hasDimParam() ? dim.getDimParam() : String.valueOf(dim.getDimValue()))
        .toList();
  }

  /** Writes the file; same network, same bytes. */
  public void write(OutputStream out) throws IOException {
    proto.writeTo(out);
  }
}

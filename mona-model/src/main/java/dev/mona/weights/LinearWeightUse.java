package dev.mona.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.jspecify.annotations.Nullable;

/**
 * An initialiser's part in a linear layer of an ONNX graph: it multiplies the layer's input, and an
 * initialiser named {@code x.bias} is added to the product.
 *
 * @param name {@code x.weight}
 * @param transposed whether the weight is stored as {@code [in, out]}
 */
record LinearWeightUse(String name, boolean transposed) {
  private static final String BIAS = ".bias";

  /** The uses of every initialiser in linear layers, by the initialiser's name. */
  static Map<String, List<LinearWeightUse>> in(Onnx.GraphProto graph) {
    Map<String, Onnx.TensorProto> initializers = new HashMap<>();
    for (Onnx.TensorProto initializer : graph.getInitializerList()) {
      initializers.put(initializer.getName(), initializer);
    }
    Map<String, Onnx.TensorProto> addedTo = new HashMap<>();
    for (Onnx.NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Add") && node.getInputCount() == 2) {
        for (int i = 0; i < 2; i++) {
          Onnx.TensorProto bias = initializers.get(node.getInput(i));
          if (bias != null) {
            addedTo.put(node.getInput(1 - i), bias);
          }
        }
      }
    }
    Map<String, List<LinearWeightUse>> uses = new HashMap<>();
    for (Onnx.NodeProto node : graph.getNodeList()) {
      LinearWeightUse use = use(node, initializers, addedTo);
      if (use != null) {
        List<LinearWeightUse> known =
            uses.computeIfAbsent(node.getInput(1), n -> new ArrayList<>());
        if (!known.contains(use)) {
          known.add(use);
        }
      }
    }
    return uses;
  }

  private static @Nullable LinearWeightUse use(
      Onnx.NodeProto node,
      Map<String, Onnx.TensorProto> initializers,
      Map<String, Onnx.TensorProto> addedTo) {
    if (node.getInputCount() < 2 || node.getOutputCount() != 1) {
      return null;
    }
    Onnx.TensorProto weight = initializers.get(node.getInput(1));
    Onnx.TensorProto bias =
        switch (node.getOpType()) {
          case "MatMul" -> addedTo.get(node.getOutput(0));
          case "Gemm" -> node.getInputCount() == 3 ? initializers.get(node.getInput(2)) : null;
          default -> null;
        };
    if (weight == null
        || bias == null
        || weight.getDimsCount() != 2
        || bias.getDimsCount() != 1
        || !bias.getName().endsWith(BIAS)) {
      return null;
    }
    boolean transposed = !isTransB(node);
    if (weight.getDims(transposed ? 1 : 0) != bias.getDims(0)) {
      return null;
    }
    String layer = bias.getName().substring(0, bias.getName().length() - BIAS.length());
    return new LinearWeightUse(layer + ".weight", transposed);
  }

  private static boolean isTransB(Onnx.NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(attribute -> attribute.getName().equals("transB") && attribute.getI() != 0);
  }

  /** The weight under its own name, as {@code [out, in]}. */
  WeightTensor restore(WeightTensor stored) {
    if (!transposed) {
      return new WeightTensor(name, stored.shape(), stored.values());
    }
    int in = (int) stored.shape()[0];
    int out = (int) stored.shape()[1];
    float[] values = new float[stored.values().length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        values[o * in + i] = stored.values()[i * out + o];
      }
    }
    return new WeightTensor(name, new long[] {out, in}, values);
  }
}

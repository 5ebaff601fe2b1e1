package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Each head's mix of values: weights {@code [batch, heads, length, keyLength]} times values {@code
 * [batch * keyLength, width]}, whose columns are the heads one after the other, to {@code [batch *
 * length, width]}.
 */
final class AttentionMix extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray weights = inputs[0].value();
    int heads = (int) weights.size(1);
    int length = (int) weights.size(2);
    int keyLength = (int) weights.size(3);
    INDArray values = inputs[1].value();
    INDArray out = arena.take(weights.size(0) * length, values.size(1));
    Kernels.headProducts(
        weights,
        arena.byHead(values, heads, keyLength),
        arena.byHead(out, heads, length),
        false,
        false,
        1,
        0);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    INDArray weights = inputs[0].value();
    int heads = (int) weights.size(1);
    int keyLength = (int) weights.size(3);
    INDArray mixed = arena.byHead(gradient, heads, (int) weights.size(2));
    INDArray values = arena.byHead(inputs[1].value(), heads, keyLength);
    reverse.addHeadWeights(inputs[0], mixed, values);
    reverse.addHeadTokens(inputs[1], weights, mixed, true, 1, keyLength);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable weights = tangents[0];
    Variable values = tangents[1];
    Variable left = weights == null ? null : weights.attentionMix(inputs[1]);
    Variable right = values == null ? null : inputs[0].attentionMix(values);
    return Reverse.present(Variable.plus(left, right));
  }
}

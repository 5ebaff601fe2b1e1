package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scores of each head: {@code factor q k^T} with q {@code [batch * length, width]} and k {@code
 * [batch * keyLength, width]}, whose columns are the heads one after the other, to {@code [batch,
 * heads, length, keyLength]}. The products run over strided views, so heads are never copied apart.
 */
final class AttentionScores extends Operation {
  private final int heads;
  private final int length;
  private final double factor;

  AttentionScores(int heads, int length, double factor) {
    this.heads = heads;
    this.length = length;
    this.factor = factor;
  }

  private int keyLength(Variable... inputs) {
    return (int) (inputs[1].value().size(0) * length / inputs[0].value().size(0));
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    int keyLength = keyLength(inputs);
    INDArray q = arena.byHead(inputs[0].value(), heads, length);
    INDArray k = arena.byHead(inputs[1].value(), heads, keyLength);
    INDArray out = arena.take(q.size(0), heads, length, keyLength);
    Kernels.headProducts(q, k, out, false, true, factor, 0);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    int keyLength = keyLength(inputs);
    INDArray q = arena.byHead(inputs[0].value(), heads, length);
    INDArray k = arena.byHead(inputs[1].value(), heads, keyLength);
    reverse.addHeadTokens(inputs[0], gradient, k, false, factor, length);
    reverse.addHeadTokens(inputs[1], gradient, q, true, factor, keyLength);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable q = tangents[0];
    Variable k = tangents[1];
    Variable left = q == null ? null : q.attentionScores(inputs[1], heads, length, factor);
    Variable right = k == null ? null : inputs[0].attentionScores(k, heads, length, factor);
    return Reverse.present(Variable.plus(left, right));
  }
}

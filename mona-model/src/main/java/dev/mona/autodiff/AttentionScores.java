package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scores of each head: {@code q k^T} with q and k {@code [batch * length, width]}, whose columns
 * are the heads one after the other, to {@code [batch, heads, length, length]}. The products run
 * over strided views, so heads are never copied apart.
 */
final class AttentionScores extends Operation {
  private final int heads;
  private final int length;

  AttentionScores(int heads, int length) {
    this.heads = heads;
    this.length = length;
  }

  /** {@code [batch * length, width]} seen as {@code [batch, heads, length, width / heads]}. */
  static INDArray byHead(INDArray tokens, int heads, int length) {
    long width = tokens.size(1);
    return tokens
        .reshape('c', tokens.size(0) / length, length, heads, width / heads)
        .permute(0, 2, 1, 3);
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray q = byHead(inputs[0].value(), heads, length);
    INDArray k = byHead(inputs[1].value(), heads, length);
    INDArray out = arena.take(q.size(0), heads, length, length);
    Kernels.matmul(q, k, out, false, true, 0);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    INDArray q = byHead(inputs[0].value(), heads, length);
    INDArray k = byHead(inputs[1].value(), heads, length);
    reverse.addHeadProduct(inputs[0], gradient, k, false, heads, length);
    reverse.addHeadProduct(inputs[1], gradient, q, true, heads, length);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable q = tangents[0];
    Variable k = tangents[1];
    Variable left = q == null ? null : q.attentionScores(inputs[1], heads, length);
    Variable right = k == null ? null : inputs[0].attentionScores(k, heads, length);
    return Reverse.present(Variable.plus(left, right));
  }
}

package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import org.jspecify.annotations.Nullable;

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

  private Heads queries(Variable... inputs) {
    return Heads.of(inputs[0].value(), heads, length);
  }

  private Heads keys(Variable... inputs) {
    return Heads.of(inputs[1].value(), heads, keyLength(inputs));
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    long batch = inputs[0].value().size(0) / length;
    Array out = arena.take(batch, heads, length, keyLength(inputs));
    arena
        .kernels()
        .headProducts(queries(inputs), keys(inputs), Heads.of(out), false, true, factor, false);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.addHeadTokens(inputs[0], gradient, keys(inputs), false, factor, length);
    reverse.addHeadTokens(inputs[1], gradient, queries(inputs), true, factor, keyLength(inputs));
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

package dev.mona.autodiff;

import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;

/**
 * Scores of each head: {@code factor q k^T} with q {@code [batch * length, width]} and k {@code
 * [batch * keyLength, width]}, whose columns are the heads one after the other, to {@code [batch,
 * heads, length, keyLength]}. The products run over strided views, so heads are never copied apart.
 */
final class AttentionScores extends SumOfProducts {
  private final int heads;
  private final int length;
  private final double factor;

  AttentionScores(int heads, int length, double factor) {
    this.heads = heads;
    this.length = length;
    this.factor = factor;
  }

  private int keyLength(Array q, Array k) {
    return (int) (k.size(0) * length / q.size(0));
  }

  private Heads queries(Array q) {
    return Heads.of(q, heads, length);
  }

  private Heads keys(Array q, Array k) {
    return Heads.of(k, heads, keyLength(q, k));
  }

  @Override
  long[] shape(Variable a, Variable b) {
    int keyLength = keyLength(a.value(), b.value());
    return new long[] {a.value().size(0) / length, heads, length, keyLength};
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Target out) {
    Heads scores = Heads.of(out.array());
    kernels.headProducts(queries(a), keys(a, b), scores, false, true, factor, out.add());
  }

  @Override
  void backward(Reverse reverse, Array gradient, Variable a, Variable b) {
    Array q = a.value();
    Array k = b.value();
    reverse.addHeadTokens(a, gradient, keys(q, k), false, factor, length);
    reverse.addHeadTokens(b, gradient, queries(q), true, factor, keyLength(q, k));
  }

  @Override
  <T> T product(Replay<T> to, T a, T b) {
    return to.attentionScores(a, b, heads, length, factor);
  }
}

package dev.mona.autodiff;

import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;

/**
 * Each head's mix of values: weights {@code [batch, heads, length, keyLength]} times values {@code
 * [batch * keyLength, width]}, whose columns are the heads one after the other, to {@code [batch *
 * length, width]}.
 */
final class AttentionMix extends SumOfProducts {
  private static Heads values(Array weights, Array values) {
    return Heads.of(values, (int) weights.size(1), (int) weights.size(3));
  }

  private static Heads mixed(Array weights, Array tokens) {
    return Heads.of(tokens, (int) weights.size(1), (int) weights.size(2));
  }

  @Override
  long[] shape(Variable a, Variable b) {
    Array weights = a.value();
    return new long[] {weights.size(0) * weights.size(2), b.value().size(1)};
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Target out) {
    Heads mixed = mixed(a, out.array());
    kernels.headProducts(Heads.of(a), values(a, b), mixed, false, false, 1, out.add());
  }

  @Override
  void backward(Reverse reverse, Array gradient, Variable a, Variable b) {
    Array weights = a.value();
    Heads mixed = mixed(weights, gradient);
    reverse.addHeadWeights(a, mixed, values(weights, b.value()));
    reverse.addHeadTokens(b, weights, mixed, true, 1, (int) weights.size(3));
  }

  @Override
  <T> T product(Replay<T> to, T a, T b) {
    return to.attentionMix(a, b);
  }
}

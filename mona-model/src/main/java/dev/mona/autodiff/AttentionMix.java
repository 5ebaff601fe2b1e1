package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import org.jspecify.annotations.Nullable;

/**
 * Each head's mix of values: weights {@code [batch, heads, length, keyLength]} times values {@code
 * [batch * keyLength, width]}, whose columns are the heads one after the other, to {@code [batch *
 * length, width]}.
 */
final class AttentionMix extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array weights = inputs[0].value();
    Array out = arena.take(weights.size(0) * weights.size(2), inputs[1].value().size(1));
    arena
        .kernels()
        .headProducts(
            Heads.of(weights), values(inputs), mixed(out, inputs), false, false, 1, false);
    return out;
  }

  private static Heads values(Variable... inputs) {
    Array weights = inputs[0].value();
    return Heads.of(inputs[1].value(), (int) weights.size(1), (int) weights.size(3));
  }

  private static Heads mixed(Array tokens, Variable... inputs) {
    Array weights = inputs[0].value();
    return Heads.of(tokens, (int) weights.size(1), (int) weights.size(2));
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Heads mixed = mixed(gradient, inputs);
    reverse.addHeadWeights(inputs[0], mixed, values(inputs));
    int keyLength = (int) inputs[0].value().size(3);
    reverse.addHeadTokens(inputs[1], inputs[0].value(), mixed, true, 1, keyLength);
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

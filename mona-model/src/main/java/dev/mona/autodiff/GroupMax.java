package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The largest of each {@code size} consecutive rows, column by column: {@code [N * size, W]} to
 * {@code [N, W]}. Of equals the first one counts, and it alone gets the gradient. The tangent takes
 * the elements that the value took.
 */
final class GroupMax extends Operation {
  private final int size;

  /** Which row of its group, {@code [N, W]}; null until the forward pass has chosen. */
  private @Nullable Array chosen;

  GroupMax(int size) {
    this(size, null);
  }

  private GroupMax(int size, @Nullable Array chosen) {
    this.size = size;
    this.chosen = chosen;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array x = inputs[0].value();
    long n = x.size(0) / size;
    Array choice = chosen;
    if (choice == null) {
      choice = arena.take(n, x.size(1));
      arena.kernels().groupChoose(x, size, choice);
      chosen = choice;
    }
    Array out = arena.take(n, x.size(1));
    arena.kernels().groupPick(x, size, choice, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0])) {
      Array sum = reverse.gradientOrZeros(inputs[0]);
      reverse.kernels().groupAdd(gradient, size, Objects.requireNonNull(chosen), sum);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    return x.tape().record(new GroupMax(size, chosen), x);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.groupMax(inputs.get(0), size);
  }
}

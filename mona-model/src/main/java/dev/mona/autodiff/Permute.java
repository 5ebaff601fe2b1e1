package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Axes in a new order, copied row-major. */
final class Permute extends Operation {
  private final int[] axes;

  Permute(int... axes) {
    this.axes = axes.clone();
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array x = inputs[0].value();
    long[] shape = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      shape[i] = x.size(axes[i]);
    }
    Array out = arena.take(shape);
    arena.kernels().permute(x, axes, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    int[] back = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      back[axes[i]] = i;
    }
    Target target = reverse.target(inputs[0]);
    if (target.add()) {
      Array part = reverse.arena().take(inputs[0].shape());
      reverse.kernels().permute(gradient, back, part);
      reverse.kernels().add(target.array(), part, target.array());
      reverse.arena().release(part);
    } else {
      reverse.kernels().permute(gradient, back, target.array());
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).permute(axes);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.permute(inputs.get(0), axes);
  }
}

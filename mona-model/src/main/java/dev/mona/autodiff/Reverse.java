package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reverse pass over a tape: who needs a gradient, and the gradients under way. */
final class Reverse {
  private final Arena arena;
  private final boolean[] needed;
  private final @Nullable Array[] gradients;
  private boolean donated;

  Reverse(Tape tape, Variable output, Map<Variable, Array> wrt) {
    this.arena = tape.arena();
    int n = output.index() + 1;
    needed = new boolean[n];
    gradients = new Array[n];
    for (Map.Entry<Variable, Array> entry : wrt.entrySet()) {
      if (entry.getKey().index() < n) {
        needed[entry.getKey().index()] = true;
        gradients[entry.getKey().index()] = entry.getValue();
      }
    }
    for (int i = 0; i < n; i++) {
      for (Variable input : tape.variable(i).inputs()) {
        needed[i] |= needed[input.index()];
      }
    }
  }

  void run(Tape tape, Variable output, double seed) {
    if (!needed[output.index()]) {
      return;
    }
    Array start = arena.take(output.shape());
    kernels().fill(start, seed);
    donate(output, start);
    for (int i = output.index(); i >= 0; i--) {
      Variable variable = tape.variable(i);
      Operation operation = variable.operation();
      Array gradient = gradients[i];
      if (operation == null || gradient == null || !needed[i]) {
        continue;
      }
      donated = false;
      operation.backward(this, variable, gradient, variable.inputs());
      gradients[i] = null;
      if (!donated) {
        arena.release(gradient);
      }
    }
    Arrays.fill(gradients, null);
  }

  Arena arena() {
    return arena;
  }

  Kernels kernels() {
    return arena.kernels();
  }

  boolean needs(Variable variable) {
    return needed[variable.index()];
  }

  /**
   * Where a contribution to the gradient goes: added to the gradient so far, or written to a new
   * one, which the caller must fill.
   */
  Target target(Variable variable) {
    Array sum = gradients[variable.index()];
    if (sum != null) {
      return new Target(sum, true);
    }
    Array fresh = arena.take(variable.shape());
    gradients[variable.index()] = fresh;
    return new Target(fresh, false);
  }

  /** The gradient so far, zeros at first: for rules that add to some of its elements. */
  Array gradientOrZeros(Variable variable) {
    Target target = target(variable);
    if (!target.add()) {
      kernels().fill(target.array(), 0);
    }
    return target.array();
  }

  /** Adds a contribution that stays owned by the caller. */
  void add(Variable variable, Array contribution) {
    if (!needs(variable)) {
      return;
    }
    Target target = target(variable);
    if (target.add()) {
      kernels().add(target.array(), contribution, target.array());
    } else {
      kernels().copy(contribution, target.array());
    }
  }

  /**
   * Adds a contribution and gives its buffer away, so that no copy is needed where it is the first.
   */
  void donate(Variable variable, Array contribution) {
    if (!needs(variable)) {
      return;
    }
    Array sum = gradients[variable.index()];
    if (sum == null) {
      gradients[variable.index()] = contribution;
      donated = true;
    } else {
      kernels().add(sum, contribution, sum);
    }
  }

  /** Adds {@code op(a) op(b)}. */
  void addProduct(Variable variable, Array a, Array b, boolean transA, boolean transB) {
    if (needs(variable)) {
      kernels().matmul(a, b, target(variable), transA, transB);
    }
  }

  /**
   * Adds {@code factor op(weights) tokens} of each head to tokens {@code [batch * length, width]}.
   */
  void addHeadTokens(
      Variable variable,
      Array weights,
      Heads tokens,
      boolean transpose,
      double factor,
      int length) {
    if (!needs(variable)) {
      return;
    }
    Target target = target(variable);
    Heads out = Heads.of(target.array(), (int) weights.size(1), length);
    kernels().headProducts(Heads.of(weights), tokens, out, transpose, false, factor, target.add());
  }

  /** Adds {@code tokens other^T} of each head to weights {@code [batch, heads, length, length]}. */
  void addHeadWeights(Variable variable, Heads tokens, Heads other) {
    if (needs(variable)) {
      Target target = target(variable);
      kernels().headProducts(tokens, other, Heads.of(target.array()), false, true, 1, target.add());
    }
  }

  /** Adds a contribution of the result's shape to an operand that was broadcast. */
  void addReduced(Variable variable, Array contribution) {
    if (!needs(variable)) {
      return;
    }
    long n = variable.value().length();
    if (Arrays.equals(variable.shape(), contribution.shape())) {
      add(variable, contribution);
    } else if (contribution.length() / contribution.size(-1) == n
        && variable.value().size(-1) == 1) {
      long[] shape = contribution.shape();
      shape[shape.length - 1] = 1;
      Array part = arena.take(variable.shape());
      kernels().sumLast(contribution, part.reshape(shape));
      add(variable, part);
      arena.release(part);
    } else {
      Array matrix = contribution.reshape(contribution.length() / n, n);
      kernels().sumRows(matrix, target(variable));
    }
  }

  static Variable present(@Nullable Variable tangent) {
    if (tangent == null) {
      throw new IllegalStateException("tangent rule called without a tangent");
    }
    return tangent;
  }
}

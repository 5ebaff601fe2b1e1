package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reverse pass over a tape: who needs a gradient, and the gradients under way. A pass can keep
 * the gradients of results; a pass from the tangent of its output begins with them, since they are
 * the gradients of the tangents.
 */
final class Reverse {
  private final Tape tape;
  private final Arena arena;

  /** Whose gradient depends on a leaf that was asked for. */
  private final boolean[] needed;

  /** Tangents whose gradient is known; nothing more is added to it. */
  private final boolean[] closed;

  private final @Nullable Array[] gradients;
  private final @Nullable Array @Nullable [] kept;

  /** What the rule that runs may overwrite, and gets handed back unless it is donated. */
  private @Nullable Array room;

  Reverse(Tape tape, Variable output, Map<Variable, Array> wrt, boolean keep) {
    this.tape = tape;
    this.arena = tape.arena();
    int n = output.index() + 1;
    needed = new boolean[n];
    closed = new boolean[n];
    gradients = new Array[n];
    kept = keep ? new Array[n] : null;
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

  /** From the last variable, with a seed. */
  void run(double seed) {
    Variable output = tape.variable(gradients.length - 1);
    if (needs(output)) {
      Array start = arena.take(output.shape());
      kernels().fill(start, seed);
      donate(output, start);
      run();
    }
  }

  /**
   * From the tangents of what another pass went over, whose gradients it kept. They are used up.
   *
   * @param tangents by index of the variable, null where it has none
   */
  void runFrom(Reverse other, @Nullable Variable[] tangents) {
    for (int i = 0; i < tangents.length; i++) {
      Variable tangent = tangents[i];
      if (tangent != null && tangent.operation() != null && tangent.index() < closed.length) {
        closed[tangent.index()] = true;
        if (gradients[tangent.index()] == null) {
          gradients[tangent.index()] = other.take(i);
        }
      }
    }
    other.release();
    run();
  }

  private void run() {
    for (int i = gradients.length - 1; i >= 0; i--) {
      Variable variable = tape.variable(i);
      Operation operation = variable.operation();
      Array gradient = gradients[i];
      if (operation == null || gradient == null) {
        continue;
      }
      @Nullable Array @Nullable [] keeping = operation.linear() ? null : kept;
      room = keeping == null ? gradient : null;
      if (needed[i]) {
        operation.backward(this, variable, gradient, variable.inputs());
      }
      gradients[i] = null;
      if (keeping != null) {
        keeping[i] = gradient;
      }
      if (room != null) {
        arena.release(room);
      }
    }
    Arrays.fill(gradients, null);
  }

  /** Whether this pass has kept a gradient for each tangent that has a use for it. */
  boolean covers(@Nullable Variable[] tangents) {
    for (int i = 0; i < tangents.length; i++) {
      Operation operation = tape.variable(i).operation();
      if (tangents[i] != null && operation != null && !operation.linear() && kept(i) == null) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Array kept(int index) {
    return kept == null ? null : kept[index];
  }

  private @Nullable Array take(int index) {
    Array gradient = kept(index);
    if (kept != null) {
      kept[index] = null;
    }
    return gradient;
  }

  /** Hands back what was kept. */
  private void release() {
    for (int i = 0; i < gradients.length; i++) {
      Array gradient = take(i);
      if (gradient != null) {
        arena.release(gradient);
      }
    }
  }

  /**
   * Where a rule writes what it donates: over the gradient of the result, or to an array of its own
   * where that is kept.
   */
  Array room(Array gradient) {
    if (room == null) {
      room = arena.take(gradient.shape());
    }
    return room;
  }

  Arena arena() {
    return arena;
  }

  Kernels kernels() {
    return arena.kernels();
  }

  boolean needs(Variable variable) {
    return needed[variable.index()] && !closed[variable.index()];
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
      room = null;
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

  /** Adds {@code gradient factor}, element by element, to an operand that may be broadcast. */
  void addElements(Variable variable, Array gradient, Array factor) {
    if (!needs(variable)) {
      return;
    }
    if (Arrays.equals(variable.shape(), gradient.shape())) {
      kernels().multiply(gradient, factor, target(variable));
    } else {
      Array product = arena.take(gradient.shape());
      kernels().multiply(gradient, factor, product);
      addReduced(variable, product);
      arena.release(product);
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

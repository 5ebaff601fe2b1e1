package dev.mona.autodiff;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One reverse pass over a tape: who needs a gradient, and the gradients under way. */
final class Reverse {
  private final Arena arena;
  private final boolean[] needed;
  private final @Nullable INDArray[] gradients;
  private boolean donated;

  Reverse(Tape tape, Variable output, Map<Variable, INDArray> wrt) {
    this.arena = tape.arena();
    int n = output.index() + 1;
    needed = new boolean[n];
    gradients = new INDArray[n];
    for (Map.Entry<Variable, INDArray> entry : wrt.entrySet()) {
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
    INDArray start = arena.take(output.shape());
    start.assign(seed);
    donate(output, start);
    for (int i = output.index(); i >= 0; i--) {
      Variable variable = tape.variable(i);
      Operation operation = variable.operation();
      INDArray gradient = gradients[i];
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

  boolean needs(Variable variable) {
    return needed[variable.index()];
  }

  /** The gradient so far, or null: then {@link #fresh} makes the buffer to write to. */
  @Nullable INDArray gradient(Variable variable) {
    return gradients[variable.index()];
  }

  /** A buffer with undefined contents that becomes the variable's gradient. */
  INDArray fresh(Variable variable) {
    INDArray buffer = arena.take(variable.shape());
    gradients[variable.index()] = buffer;
    return buffer;
  }

  /** The gradient so far, zeros at first: for rules that add to some of its elements. */
  INDArray gradientOrZeros(Variable variable) {
    INDArray sum = gradient(variable);
    if (sum == null) {
      sum = fresh(variable);
      sum.assign(0);
    }
    return sum;
  }

  /** Adds a contribution that stays owned by the caller. */
  void add(Variable variable, INDArray contribution) {
    if (!needs(variable)) {
      return;
    }
    INDArray sum = gradient(variable);
    if (sum == null) {
      fresh(variable).assign(contribution);
    } else {
      sum.addi(contribution);
    }
  }

  /**
   * Adds a contribution and gives its buffer away, so that no copy is needed where it is the first.
   */
  void donate(Variable variable, INDArray contribution) {
    INDArray sum = gradient(variable);
    if (!needs(variable)) {
      return;
    }
    if (sum == null) {
      gradients[variable.index()] = contribution;
      donated = true;
    } else {
      sum.addi(contribution);
    }
  }

  /** Adds {@code op(a) op(b)}. */
  void addProduct(Variable variable, INDArray a, INDArray b, boolean transA, boolean transB) {
    if (!needs(variable)) {
      return;
    }
    INDArray sum = gradient(variable);
    if (sum == null) {
      Kernels.matmul(a, b, fresh(variable), transA, transB, 0);
    } else {
      Kernels.matmul(a, b, sum, transA, transB, 1);
    }
  }

  /**
   * Adds {@code factor op(weights) tokens} of each head to tokens {@code [batch * length, width]}.
   */
  void addHeadTokens(
      Variable variable,
      INDArray weights,
      INDArray tokens,
      boolean transpose,
      double factor,
      int length) {
    if (!needs(variable)) {
      return;
    }
    INDArray sum = gradient(variable);
    double beta = sum == null ? 0 : 1;
    INDArray target =
        arena.byHead(sum == null ? fresh(variable) : sum, (int) weights.size(1), length);
    Kernels.headProducts(weights, tokens, target, transpose, false, factor, beta);
  }

  /** Adds {@code tokens other^T} of each head to weights {@code [batch, heads, length, length]}. */
  void addHeadWeights(Variable variable, INDArray tokens, INDArray other) {
    if (!needs(variable)) {
      return;
    }
    INDArray sum = gradient(variable);
    double beta = sum == null ? 0 : 1;
    INDArray target = sum == null ? fresh(variable) : sum;
    Kernels.headProducts(tokens, other, target, false, true, 1, beta);
  }

  /** Adds a contribution of the result's shape to an operand that was broadcast. */
  void addReduced(Variable variable, INDArray contribution) {
    if (!needs(variable)) {
      return;
    }
    long[] shape = variable.shape();
    long n = variable.value().length();
    if (Arrays.equals(shape, contribution.shape())) {
      add(variable, contribution);
    } else if (contribution.length() / contribution.size(-1) == variable.value().length()
        && variable.value().size(-1) == 1) {
      INDArray part = arena.take(shape);
      Kernels.sumLast(contribution, part, arena);
      add(variable, part);
      arena.release(part);
    } else {
      addRows(variable, arena.reshape(contribution, contribution.length() / n, n));
    }
  }

  /** Adds the sum of the rows of a matrix: those of each block, then the sums of the blocks. */
  private void addRows(Variable variable, INDArray matrix) {
    HostBlocks pass = HostBlocks.rows(matrix);
    if (2L * pass.blocks() <= matrix.size(0) && HostBlocks.reach(matrix)) {
      int width = (int) matrix.size(1);
      INDArray sums = arena.take(pass.blocks(), width);
      pass.read(matrix)
          .writePerBlock(sums)
          .scratch(width)
          .run((a, rows) -> HostRows.sumColumns(a[0], a[2], a[1], rows, width));
      if (pass.blocks() == 1) {
        add(variable, arena.reshape(sums, variable.shape()));
      } else {
        addRows(variable, sums);
      }
      arena.release(sums);
    } else {
      addRowsByProduct(variable, matrix);
    }
  }

  /** A product with ones is many times faster than ND4J's sum. */
  private void addRowsByProduct(Variable variable, INDArray matrix) {
    INDArray sum = gradient(variable);
    double beta = sum == null ? 0 : 1;
    INDArray target = sum == null ? fresh(variable) : sum;
    INDArray row = arena.reshape(target, 1, matrix.size(1));
    Kernels.matmul(arena.ones(matrix.size(0)), matrix, row, false, false, beta);
  }

  static Variable present(@Nullable Variable tangent) {
    if (tangent == null) {
      throw new IllegalStateException("tangent rule called without a tangent");
    }
    return tangent;
  }
}

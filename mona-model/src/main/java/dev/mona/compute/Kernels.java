package dev.mona.compute;

import java.util.function.Consumer;

/**
 * The primitives of the tape's operations and of their derivatives, on arrays that the caller
 * provides. Outputs never overlap inputs unless it is said. Nothing waits for the device, and a
 * call with shapes seen before allocates nothing. The order of every sum is fixed: same bits on
 * repeat.
 *
 * <p>The second array of {@link #add}, {@link #subtract} and {@link #multiply} is broadcast: it has
 * the shape of the first, or lacks leading axes or has size 1 there ({@code [N, W]} with {@code
 * [W]}), or has size 1 in the last axis ({@code [N, W]} with {@code [N, 1]}); {@code out} has the
 * shape of the first and may be the first.
 */
public interface Kernels extends Vectors {
  /** Where memory for intermediate results comes from. */
  Arena scratch();

  /** {@code out = a + b}, with broadcasting. */
  @Override
  void add(Array a, Array b, Array out);

  /** {@code out = a - b}, with broadcasting. */
  @Override
  void subtract(Array a, Array b, Array out);

  /** {@code out = a b}, element by element, with broadcasting. */
  @Override
  void multiply(Array a, Array b, Array out);

  /** {@code a b}, element by element with broadcasting of b; the target is not a. */
  default void multiply(Array a, Array b, Target out) {
    toTarget(out, to -> multiply(a, b, to));
  }

  /** {@code out = f(x)}. */
  void map(Function f, Array x, Array out);

  /**
   * {@code gradient = gradient f'(x)}.
   *
   * @param y {@code f(x)}
   */
  void chain(Function f, Array x, Array y, Array gradient);

  /** {@code out = gradient f'(x)}; out may be the gradient. */
  default void chain(Function f, Array x, Array y, Array gradient, Array out) {
    move(gradient, out);
    chain(f, x, y, out);
  }

  /**
   * Adds {@code f''(x) u gradient}, the derivative of {@code gradient f'(x) u}.
   *
   * @param slope {@code f'}
   */
  default void bend(Function slope, Array x, Array u, Array gradient, Target out) {
    toTarget(
        out,
        to -> {
          Array y = scratch().take(x.shape());
          if (slope != Function.GELU_SLOPE) {
            // whose derivative is made of x alone
            map(slope, x, y);
          }
          multiply(u, gradient, to);
          chain(slope, x, y, to);
          scratch().release(y);
        });
  }

  /** {@code out = x ^ exponent}, for values {@code > 0}; out may be x. */
  void power(Array x, double exponent, Array out);

  /**
   * {@code out = op(a) op(b)} or, where the target adds, {@code out + op(a) op(b)}, over the last
   * two axes, op being the identity or the transpose; the axes before them are equal.
   */
  void matmul(Array a, Array b, Target out, boolean transA, boolean transB);

  /** {@code out = x w^T + bias}: {@code [N, I]}, {@code [O, I]}, {@code [O]} to {@code [N, O]}. */
  void linear(Array x, Array weight, Array bias, Array out);

  /** {@code out = factor op(a) op(b)} of each sample and head, or added to it. */
  void headProducts(
      Heads a, Heads b, Heads out, boolean transA, boolean transB, double factor, boolean add);

  /** Axes in a new order, copied row-major. */
  void permute(Array x, int[] axes, Array out);

  /** Sum over the last axis, kept with size 1. */
  void sumLast(Array x, Array out);

  /** Sum of the rows of a matrix {@code [N, W]} to {@code [W]} or any shape of as many elements. */
  void sumRows(Array matrix, Target out);

  /** Softmax over the last axis. */
  void softmax(Array x, Array out);

  /** {@code gradient = (gradient - sum(gradient y)) y} over the last axis, in place. */
  void softmaxBack(Array y, Array gradient);

  /** The same with a result of its own, which may be the gradient. */
  default void softmaxBack(Array y, Array gradient, Array out) {
    move(gradient, out);
    softmaxBack(y, out);
  }

  /**
   * Adds {@code gradient (u - sum(u y)) - u sum(gradient y)} over the last axis: the derivative
   * with respect to y of {@code sum(gradient y (u - sum(u y)))}.
   */
  default void softmaxBend(Array y, Array u, Array gradient, Target out) {
    toTarget(
        out,
        to -> {
          Array row = scratch().take(reduced(y));
          Array part = scratch().take(y.shape());
          multiply(u, y, part);
          sumLast(part, row);
          subtract(u, row, to);
          multiply(to, gradient, to);
          multiply(gradient, y, part);
          sumLast(part, row);
          multiply(u, row, part);
          subtract(to, part, to);
          scratch().release(part);
          scratch().release(row);
        });
  }

  /** Logarithm of the softmax over the last axis; finite where the probability underflows. */
  void logSoftmax(Array x, Array out);

  /**
   * {@code gradient = gradient - softmax(x) sum(gradient)} over the last axis, in place.
   *
   * @param y {@code logSoftmax(x)}
   */
  void logSoftmaxBack(Array x, Array y, Array gradient);

  /** The same with a result of its own, which may be the gradient. */
  default void logSoftmaxBack(Array x, Array y, Array gradient, Array out) {
    move(gradient, out);
    logSoftmaxBack(x, y, out);
  }

  /**
   * Last axis to mean 0 and variance 1: {@code (x - mean) / sqrt(variance + epsilon)}.
   *
   * @param inverse {@code 1 / sqrt(variance + epsilon)}, the last axis of size 1
   */
  void normalize(Array x, double epsilon, Array out, Array inverse);

  /**
   * {@code gradient = (gradient - mean(gradient) - y mean(gradient y)) inverse} over the last axis,
   * in place: the derivative of {@link #normalize}, which is symmetric.
   */
  void normalizeBack(Array y, Array inverse, Array gradient);

  /** The same with a result of its own, which may be the gradient. */
  default void normalizeBack(Array y, Array inverse, Array gradient, Array out) {
    move(gradient, out);
    normalizeBack(y, inverse, out);
  }

  /**
   * Adds the derivative with respect to x of {@code sum(gradient t)} with {@code t =
   * normalizeBack(y, inverse, u)}: with r the inverse, W the width and {@code c(z) = z - mean(z) -
   * y mean(y z)}
   *
   * <pre>-r^2 (c(gradient) mean(y u) + c(u) mean(y gradient) + y mean(gradient c(u)))</pre>
   */
  default void normalizeBend(Array y, Array inverse, Array u, Array gradient, Target out) {
    toTarget(
        out,
        to -> {
          Array row = scratch().take(reduced(y));
          Array centered = scratch().take(y.shape());
          Array part = scratch().take(y.shape());
          normalizeBack(y, inverse, u, centered);
          multiply(gradient, centered, part);
          meanLast(part, row);
          multiply(y, row, to);
          multiply(gradient, y, part);
          meanLast(part, row);
          multiply(centered, row, centered);
          add(to, centered, to);
          normalizeBack(y, inverse, gradient, centered);
          multiply(u, y, part);
          meanLast(part, row);
          multiply(centered, row, centered);
          add(to, centered, to);
          multiply(to, inverse, to);
          scale(to, -1, to);
          scratch().release(part);
          scratch().release(centered);
          scratch().release(row);
        });
  }

  /** {@code out = x gain + bias}: {@code [N, W]}, {@code [W]}, {@code [W]} to {@code [N, W]}. */
  void affine(Array x, Array gain, Array bias, Array out);

  /**
   * {@code gains = sum of rows of (x gradient)}, then {@code biases = sum of rows of gradient},
   * which may go to the same array, then {@code gradient = gradient gain}, in place.
   */
  void affineBack(Array x, Array gain, Array gradient, Target gains, Target biases);

  /** The same with a result of its own, which may be the gradient. */
  default void affineBack(
      Array x, Array gain, Array gradient, Array out, Target gains, Target biases) {
    move(gradient, out);
    affineBack(x, gain, out, gains, biases);
  }

  /** {@code out_i = x_rows(i)}, zeros for {@link RowIndex#ZERO}; matrices. */
  void gather(Array x, RowIndex rows, Array out);

  /** {@code out_r = sum of gradient_i over the i with rows(i) = r}, in the order of i. */
  void gatherAdd(Array gradient, RowIndex rows, Target out);

  /** Rows of a table that is no variable: {@code out_i = table_rows[i]}. */
  void rows(Array table, int[] rows, Array out);

  /**
   * Which of each {@code size} consecutive rows is the largest, column by column, the first of
   * equals: {@code [N * size, W]} to {@code [N, W]}, numbers from 0 on in the type of the device.
   */
  void groupChoose(Array x, int size, Array choice);

  /** The chosen elements: {@code [N * size, W]} and {@code [N, W]} to {@code [N, W]}. */
  void groupPick(Array x, int size, Array choice, Array out);

  /** Adds each gradient {@code [N, W]} to the chosen element of {@code sum [N * size, W]}. */
  void groupAdd(Array gradient, int size, Array choice, Array sum);

  private void move(Array from, Array to) {
    if (from != to) {
      copy(from, to);
    }
  }

  /** Lets a result be written to the array of a target, or beside it and then added. */
  private void toTarget(Target target, Consumer<Array> result) {
    if (target.add()) {
      Array part = scratch().take(target.array().shape());
      result.accept(part);
      add(target.array(), part, target.array());
      scratch().release(part);
    } else {
      result.accept(target.array());
    }
  }

  private void meanLast(Array x, Array out) {
    sumLast(x, out);
    scale(out, 1.0 / x.size(-1), out);
  }

  private static long[] reduced(Array x) {
    long[] shape = x.shape();
    shape[shape.length - 1] = 1;
    return shape;
  }
}

package dev.mona.metalearning;

import dev.mona.compute.Array;
import dev.mona.compute.Kernels;
import dev.mona.compute.Scalar;
import dev.mona.tensor.Parameters;

/**
 * Adam's diagonal (Kingma and Ba, ICLR 2015, algorithm 1) for the virtual step, so that it goes
 * where a step of finetuning would:
 *
 * <pre>
 *   s &lt;- decay s + (1 - decay) g^2          c &lt;- decay c + (1 - decay)
 *   D  = 1 / (sqrt(s / c) + epsilon)
 * </pre>
 *
 * <p>The state {@code [s | c]}, zeros at first, belongs to the caller. c is the bias correction
 * {@code 1 - decay^t}, carried along so that it stays right when states are averaged or steps are
 * dropped. The diagonal of a batch is that of an optimizer step on this batch alone, g among the
 * gradients it has seen; the state moves on once a step, by the mean over its batches, and only
 * where the step is taken.
 */
final class Preconditioner implements AutoCloseable {
  private final Preconditioning options;
  private final Kernels kernels;
  private final Array diagonal;

  /** Mean over the batches of a step of what s becomes by each. */
  private final Array next;

  /** Allocates the buffers for an encoder like the given one. */
  Preconditioner(Preconditioning options, Kernels kernels, Parameters encoder) {
    this.options = options;
    this.kernels = kernels;
    diagonal = encoder.device().zeros(encoder.length());
    next = encoder.device().zeros(encoder.length());
  }

  /** Length of the state that belongs to {@code n} parameters. */
  static long stateLength(long n) {
    return n + 1;
  }

  /** Starts an optimizer step. */
  void begin() {
    kernels.fill(next, 0);
  }

  /**
   * Makes the diagonal of a batch.
   *
   * @param state as the step before left it
   * @param g the batch's gradient {@code [n]}
   * @param weight of the batch in its step
   */
  void see(Array state, Array g, double weight) {
    kernels.multiply(g, g, diagonal);
    kernels.scale(diagonal, 1 - options.decay(), diagonal);
    kernels.axpy(options.decay(), squares(state), diagonal);
    kernels.axpy(weight, diagonal, next);
    Scalar count = kernels.times(count(state), options.decay());
    Scalar correction = kernels.sum(count, Scalar.of(1 - options.decay()));
    kernels.scale(diagonal, kernels.ratio(Scalar.of(1), correction), diagonal);
    kernels.power(diagonal, 0.5, diagonal);
    kernels.shift(diagonal, options.epsilon(), diagonal);
    kernels.power(diagonal, -1, diagonal);
  }

  /** {@code out = D x}; out may be x. */
  void apply(Array x, Array out) {
    kernels.multiply(x, diagonal, out);
  }

  /** The step is taken. */
  void commit(Array state) {
    kernels.copy(next, squares(state));
    Array count = state.view(state.length() - 1, 1);
    kernels.scale(count, options.decay(), count);
    kernels.shift(count, 1 - options.decay(), count);
  }

  private static Array squares(Array state) {
    return state.view(0, state.length() - 1);
  }

  private Scalar count(Array state) {
    Array count = state.view(state.length() - 1, 1);
    return kernels.root(kernels.dot(count, count));
  }

  @Override
  public void close() {
    diagonal.close();
    next.close();
  }
}

package dev.mona.compute;

/**
 * Operations on whole arrays, element by element, whatever their shapes. All arrays of a call have
 * as many elements and are contiguous; {@code out} may be one of the others.
 */
public interface Vectors {
  void fill(Array out, double value);

  void copy(Array from, Array out);

  /** {@code out = x + y}. */
  void add(Array x, Array y, Array out);

  /** {@code out = x - y}. */
  void subtract(Array x, Array y, Array out);

  /** {@code out = x y}. */
  void multiply(Array x, Array y, Array out);

  /** {@code out = factor x}. */
  void scale(Array x, double factor, Array out);

  /** {@code out = factor x}, with a factor that the device may still compute. */
  void scale(Array x, Scalar factor, Array out);

  /** {@code out = x + amount}. */
  void shift(Array x, double amount, Array out);

  /** {@code y = y + factor x}. */
  void axpy(double factor, Array x, Array y);

  /**
   * One step of Adam with the corrected moments, in place; {@code gradient} is overwritten.
   *
   * @param step its constants
   */
  void adam(Array parameters, Array gradient, Array m, Array v, AdamStep step);

  /**
   * Sum of the products of the elements, added in double in an order that depends on the length
   * alone.
   */
  Scalar dot(Array x, Array y);

  /** {@code a + b}. */
  Scalar sum(Scalar a, Scalar b);

  /** {@code factor a}. */
  Scalar times(Scalar a, double factor);

  /** {@code a b}. */
  Scalar product(Scalar a, Scalar b);

  /** {@code a / b}; 0 where b is 0. */
  Scalar ratio(Scalar a, Scalar b);

  /** Square root. */
  Scalar root(Scalar a);

  /** Asks for the values of all of them with one wait. */
  double[] values(Scalar... scalars);
}

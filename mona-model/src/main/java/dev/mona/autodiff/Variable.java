package dev.mona.autodiff;

import dev.mona.compute.Array;
import dev.mona.compute.Function;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * A value on a {@link Tape}: a leaf, or the result of an operation. The methods record operations;
 * shapes are row-major. Broadcasting of the second argument of {@link #add}, {@link #subtract} and
 * {@link #multiply} is over leading axes ({@code [N, W]} with {@code [W]}) or over the last axis
 * ({@code [N, W]} with {@code [N, 1]}).
 */
public final class Variable {
  private final Tape tape;
  private final int index;
  private final Array value;
  private final @Nullable Operation operation;
  private final Variable[] inputs;

  Variable(Tape tape, int index, Array value, @Nullable Operation operation, Variable... inputs) {
    this.tape = tape;
    this.index = index;
    this.value = value;
    this.operation = operation;
    this.inputs = inputs;
  }

  /** The value; valid until the tape is reset. */
  public Array value() {
    return value;
  }

  public long[] shape() {
    return value.shape();
  }

  /** The value of a one-element variable, fetched when asked for. */
  public Scalar scalar() {
    return value.scalar();
  }

  Tape tape() {
    return tape;
  }

  int index() {
    return index;
  }

  @Nullable Operation operation() {
    return operation;
  }

  Variable[] inputs() {
    return inputs;
  }

  long lastSize() {
    return value.size(-1);
  }

  /** {@code this + other}, with broadcasting. */
  public Variable add(Variable other) {
    return tape.record(new Add(), this, other);
  }

  /** {@code this - other}, with broadcasting. */
  public Variable subtract(Variable other) {
    return tape.record(new Subtract(), this, other);
  }

  /** {@code this * other}, with broadcasting. */
  public Variable multiply(Variable other) {
    return tape.record(new Multiply(), this, other);
  }

  /** {@code this * values}, element by element; the values, from the host, are constants. */
  public Variable multiply(float[] values) {
    return multiply(tape.constant(values, shape()));
  }

  /** {@code factor * this}. */
  public Variable scale(double factor) {
    return tape.record(new Scale(factor), this);
  }

  /** {@code this + amount}. */
  public Variable shift(double amount) {
    return tape.record(new Shift(amount), this);
  }

  /** {@code this ^ exponent}, element by element; for values {@code > 0}. */
  public Variable power(double exponent) {
    return tape.record(new Power(exponent), this);
  }

  /** A function of each element. */
  Variable map(Function function) {
    return tape.record(new Elementwise(function), this);
  }

  public Variable exp() {
    return map(Function.EXP);
  }

  public Variable log() {
    return map(Function.LOG);
  }

  /** Distribution function of the standard normal law. */
  public Variable normalDistribution() {
    return map(Function.NORMAL_DISTRIBUTION);
  }

  /** Exact GELU, {@code x Phi(x)}. */
  public Variable gelu() {
    return map(Function.GELU);
  }

  /** {@code log(1 + exp(x))}. */
  public Variable softplus() {
    return map(Function.SOFTPLUS);
  }

  public Variable sigmoid() {
    return map(Function.SIGMOID);
  }

  /** Product over the last two axes, either side transposed on request. */
  public Variable matmul(Variable other, boolean transposeThis, boolean transposeOther) {
    return tape.record(new MatMul(transposeThis, transposeOther), this, other);
  }

  /** {@code x W^T + b}: {@code [N, I]}, {@code [O, I]}, {@code [O]} to {@code [N, O]}. */
  public Variable linear(Variable weight, Variable bias) {
    return tape.record(new MatMul(false, true), this, weight, bias);
  }

  /**
   * Attention scores of queries (this) {@code [batch * length, width]} and keys {@code [batch *
   * keyLength, width]}, to {@code [batch, heads, length, keyLength]}: {@code factor q k^T} of each
   * head.
   *
   * @param length queries of one sample
   */
  public Variable attentionScores(Variable keys, int heads, int length, double factor) {
    return tape.record(new AttentionScores(heads, length, factor), this, keys);
  }

  /**
   * Values {@code [batch * keyLength, width]} mixed by attention weights (this) {@code [batch,
   * heads, length, keyLength]}, to {@code [batch * length, width]}.
   */
  public Variable attentionMix(Variable values) {
    return tape.record(new AttentionMix(), this, values);
  }

  /** {@code this * gain + bias}: {@code [N, W]}, {@code [W]}, {@code [W]} to {@code [N, W]}. */
  public Variable affine(Variable gain, Variable bias) {
    return tape.record(new Multiply(), this, gain, bias);
  }

  /** Rows of a matrix: {@code [N, W]} to {@code [n, W]} for the n rows of an index. */
  public Variable gatherRows(RowIndex rows) {
    return rows.keeps(shape()[0]) ? this : tape.record(new GatherRows(rows), this);
  }

  /** Entries {@code from .. to - 1} of the first axis, a view. */
  public Variable rowRange(long from, long to) {
    return tape.record(new RowRange(from, to), this);
  }

  /** The largest of each {@code size} consecutive rows: {@code [N * size, W]} to {@code [N, W]}. */
  public Variable groupMax(int size) {
    return tape.record(new GroupMax(size), this);
  }

  /** Softmax over the last axis. */
  public Variable softmax() {
    return tape.record(new Softmax(), this);
  }

  /** Logarithm of the softmax over the last axis. */
  public Variable logSoftmax() {
    return tape.record(new LogSoftmax(), this);
  }

  /** Last axis to mean 0 and variance 1: {@code (x - mean) / sqrt(variance + epsilon)}. */
  public Variable normalize(double epsilon) {
    return tape.record(new Normalize(epsilon), this);
  }

  /** Sum over the last axis, kept with size 1. */
  public Variable sumLast() {
    return tape.record(new SumLast(), this);
  }

  /** Mean over the last axis, kept with size 1. */
  public Variable meanLast() {
    return sumLast().scale(1.0 / lastSize());
  }

  /** Sum of all elements, shape {@code [1]}. */
  public Variable sum() {
    return reshape(1, value.length()).sumLast().reshape(1);
  }

  public Variable reshape(long... shape) {
    return tape.record(new Reshape(shape), this);
  }

  /** Axes in a new order, copied row-major. */
  public Variable permute(int... axes) {
    return tape.record(new Permute(axes), this);
  }

  static @Nullable Variable plus(@Nullable Variable a, @Nullable Variable b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : a.add(b);
  }
}

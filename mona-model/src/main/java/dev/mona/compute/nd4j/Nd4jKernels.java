package dev.mona.compute.nd4j;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Target;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.scalar.Pow;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The primitives as ND4J calls, for each of its backends and every type of elements. Nothing is
 * done for outputs without elements.
 */
class Nd4jKernels extends Nd4jVectors implements Kernels {
  private static final double INVERSE_ROOT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  private final Arena arena;

  Nd4jKernels(Nd4jDevice device, Arena arena) {
    super(device);
    this.arena = arena;
  }

  @Override
  public final Arena scratch() {
    return arena;
  }

  /** The shape with the last axis of size 1. */
  private static long[] reduced(Array x) {
    long[] shape = x.shape();
    shape[shape.length - 1] = 1;
    return shape;
  }

  // element by element, with broadcasting

  @Override
  public void add(Array a, Array b, Array out) {
    broadcast("add", a, b, out);
  }

  @Override
  public void subtract(Array a, Array b, Array out) {
    broadcast("subtract", a, b, out);
  }

  @Override
  public void multiply(Array a, Array b, Array out) {
    broadcast("multiply", a, b, out);
  }

  private void broadcast(String name, Array a, Array b, Array out) {
    if (out.length() > 0) {
      pairwise(name, values(a), values(b), values(out));
    }
  }

  // functions

  @Override
  public void map(Function f, Array x, Array out) {
    if (out.length() == 0) {
      return;
    }
    INDArray from = values(x);
    INDArray to = values(out);
    switch (f) {
      case EXP -> exec(new Exp(from, to));
      case LOG -> exec(new Log(from, to));
      case SIGMOID -> exec(new Sigmoid(from, to));
      case SOFTPLUS -> softplus(x, out);
      case GELU -> {
        normalDistribution(x, out);
        super.multiply(out, x, out);
      }
      case GELU_SLOPE -> geluSlope(x, out);
      case NORMAL_DISTRIBUTION -> normalDistribution(x, out);
      case NORMAL_DENSITY -> normalDensity(x, out);
    }
  }

  /** {@code max(x, 0) + log(1 + e^-|x|)}, which does not overflow. */
  private void softplus(Array x, Array out) {
    Array rest = arena.take(x.shape());
    INDArray tail = values(rest);
    exec(new Abs(values(x), tail));
    scale(rest, -1, rest);
    exec(new Exp(tail, tail));
    exec(new Log1p(tail, tail));
    exec(new RectifiedLinear(values(x), values(out), 0));
    super.add(out, rest, out);
    arena.release(rest);
  }

  private void normalDistribution(Array x, Array out) {
    scale(x, Math.sqrt(0.5), out);
    exec(new Erf(values(out), values(out)));
    shift(out, 1, out);
    scale(out, 0.5, out);
  }

  private void normalDensity(Array x, Array out) {
    super.multiply(x, x, out);
    scale(out, -0.5, out);
    exec(new Exp(values(out), values(out)));
    scale(out, INVERSE_ROOT_2_PI, out);
  }

  private void geluSlope(Array x, Array out) {
    Array density = arena.take(x.shape());
    normalDensity(x, density);
    super.multiply(density, x, density);
    normalDistribution(x, out);
    super.add(out, density, out);
    arena.release(density);
  }

  @Override
  public void chain(Function f, Array x, Array y, Array gradient) {
    if (gradient.length() == 0) {
      return;
    }
    if (f == Function.EXP) {
      super.multiply(gradient, y, gradient);
      return;
    }
    Array slope = arena.take(x.shape());
    slope(f, x, y, slope);
    super.multiply(gradient, slope, gradient);
    arena.release(slope);
  }

  /** {@code out = f'(x)} with {@code y = f(x)}. */
  private void slope(Function f, Array x, Array y, Array out) {
    switch (f) {
      case EXP -> copy(y, out);
      case LOG -> {
        device().called();
        values(x).rdivi(1.0, values(out));
      }
      case SIGMOID -> {
        super.multiply(y, y, out);
        super.subtract(y, out, out);
      }
      case SOFTPLUS -> map(Function.SIGMOID, x, out);
      case GELU -> map(Function.GELU_SLOPE, x, out);
      case GELU_SLOPE -> {
        // (2 - x^2) phi(x)
        Array factor = arena.take(x.shape());
        super.multiply(x, x, factor);
        device().called();
        values(factor).rsubi(2);
        map(Function.NORMAL_DENSITY, x, out);
        super.multiply(out, factor, out);
        arena.release(factor);
      }
      case NORMAL_DISTRIBUTION -> map(Function.NORMAL_DENSITY, x, out);
      case NORMAL_DENSITY -> {
        super.multiply(x, y, out);
        scale(out, -1, out);
      }
    }
  }

  @Override
  public void power(Array x, double exponent, Array out) {
    if (out.length() > 0) {
      exec(new Pow(values(x), values(out), exponent));
    }
  }

  // products of matrices

  @Override
  public void matmul(Array a, Array b, Target out, boolean transA, boolean transB) {
    double beta = out.add() ? 1 : 0;
    product(values(a), values(b), values(out.array()), new Factors(transA, transB, 1, beta));
  }

  /** {@code alpha op(a) op(b) + beta out}. */
  record Factors(boolean transA, boolean transB, double alpha, double beta) {}

  /** {@code out = alpha op(a) op(b) + beta out}, over the last two axes. */
  void product(INDArray a, INDArray b, INDArray out, Factors factors) {
    MMulTranspose transposes =
        MMulTranspose.builder().transposeA(factors.transA()).transposeB(factors.transB()).build();
    exec(new Mmul(a, b, out, factors.alpha(), factors.beta(), transposes));
  }

  @Override
  public void linear(Array x, Array weight, Array bias, Array out) {
    matmul(x, weight, new Target(out, false), false, true);
    add(out, bias, out);
  }

  @Override
  public void headProducts(
      Heads a, Heads b, Heads out, boolean transA, boolean transB, double factor, boolean add) {
    product(
        Nd4jArray.of(a),
        Nd4jArray.of(b),
        Nd4jArray.of(out),
        new Factors(transA, transB, factor, add ? 1 : 0));
  }

  // shapes and sums

  @Override
  public void permute(Array x, int[] axes, Array out) {
    if (out.length() > 0) {
      device().called();
      values(out).assign(Nd4jArray.of(x).permuted(axes));
    }
  }

  /** A product with ones: several times faster than ND4J's reduction. */
  @Override
  public void sumLast(Array x, Array out) {
    long n = x.size(-1);
    long rows = x.length() / n;
    Target sums = new Target(out.reshape(rows, 1), false);
    matmul(x.reshape(rows, n), arena.ones(n), sums, false, true);
  }

  /** Mean over the last axis, kept with size 1. */
  private void meanLast(Array x, Array out) {
    sumLast(x, out);
    scale(out, 1.0 / x.size(-1), out);
  }

  /** A product with ones is many times faster than ND4J's sum. */
  @Override
  public void sumRows(Array matrix, Target out) {
    Target row = new Target(out.array().reshape(1, matrix.size(1)), out.add());
    matmul(arena.ones(matrix.size(0)), matrix, row, false, false);
  }

  // softmax

  @Override
  public void softmax(Array x, Array out) {
    lastAxis("softmax", x, out);
  }

  @Override
  public void softmaxBack(Array y, Array gradient) {
    super.multiply(gradient, y, gradient);
    Array sums = arena.take(reduced(y));
    sumLast(gradient, sums);
    Array part = arena.take(y.shape());
    multiply(y, sums, part);
    super.subtract(gradient, part, gradient);
    arena.release(part);
    arena.release(sums);
  }

  /**
   * {@code (x - max) - log(sum exp(x - max))}. ND4J's own operation takes the logarithm of the
   * probability: -infinity where that underflows.
   */
  @Override
  public void logSoftmax(Array x, Array out) {
    Array row = arena.take(reduced(x));
    Array exponentials = arena.take(x.shape());
    lastAxis("reduce_max", x, row);
    subtract(x, row, out);
    exec(new Exp(values(out), values(exponentials)));
    sumLast(exponentials, row);
    exec(new Log(values(row), values(row)));
    subtract(out, row, out);
    arena.release(exponentials);
    arena.release(row);
  }

  @Override
  public void logSoftmaxBack(Array x, Array y, Array gradient) {
    Array probabilities = arena.take(x.shape());
    softmax(x, probabilities);
    Array sums = arena.take(reduced(x));
    sumLast(gradient, sums);
    multiply(probabilities, sums, probabilities);
    super.subtract(gradient, probabilities, gradient);
    arena.release(sums);
    arena.release(probabilities);
  }

  /** An operation over the last axis; one that reduces it keeps it with size 1. */
  private void lastAxis(String name, Array x, Array out) {
    exec(
        DynamicCustomOp.builder(name)
            .addInputs(values(x))
            .addOutputs(values(out))
            .addIntegerArguments(-1)
            .addBooleanArguments(true)
            .build());
  }

  // normalisation

  @Override
  public void normalize(Array x, double epsilon, Array out, Array inverse) {
    center(x, out, inverse);
    inverseDeviationOfCentered(out, epsilon, inverse);
    multiply(out, inverse, out);
  }

  /** {@code out = x - mean(x)}; {@code row} is overwritten. */
  private void center(Array x, Array out, Array row) {
    meanLast(x, row);
    subtract(x, row, out);
  }

  private void inverseDeviationOfCentered(Array centered, double epsilon, Array out) {
    Array squares = arena.take(centered.shape());
    super.multiply(centered, centered, squares);
    meanLast(squares, out);
    arena.release(squares);
    shift(out, epsilon, out);
    exec(new RSqrt(values(out), values(out)));
  }

  @Override
  public void normalizeBack(Array y, Array inverse, Array gradient) {
    Array row = arena.take(reduced(y));
    Array part = arena.take(y.shape());
    super.multiply(gradient, y, part);
    meanLast(part, row);
    multiply(y, row, part);
    meanLast(gradient, row);
    subtract(gradient, row, gradient);
    super.subtract(gradient, part, gradient);
    multiply(gradient, inverse, gradient);
    arena.release(part);
    arena.release(row);
  }

  @Override
  public void affine(Array x, Array gain, Array bias, Array out) {
    multiply(x, gain, out);
    add(out, bias, out);
  }

  @Override
  public void affineBack(Array x, Array gain, Array gradient, Target gains, Target biases) {
    Array product = arena.take(gradient.shape());
    super.multiply(gradient, x, product);
    sumRows(product, gains);
    arena.release(product);
    sumRows(gradient, biases);
    multiply(gradient, gain, gradient);
  }

  // rows

  @Override
  public void gather(Array x, RowIndex rows, Array out) {
    for (int i = 0; i < rows.size(); i++) {
      device().called();
      if (rows.row(i) == RowIndex.ZERO) {
        values(out).getRow(i).assign(0);
      } else {
        values(out).getRow(i).assign(values(x).getRow(rows.row(i)));
      }
    }
  }

  @Override
  public void gatherAdd(Array gradient, RowIndex rows, Target out) {
    if (!out.add()) {
      fill(out.array(), 0);
    }
    for (int i = 0; i < rows.size(); i++) {
      if (rows.row(i) != RowIndex.ZERO) {
        device().called();
        values(out.array()).getRow(rows.row(i)).addi(values(gradient).getRow(i));
      }
    }
  }

  @Override
  public void rows(Array table, int[] rows, Array out) {
    device().called();
    Nd4j.pullRows(values(table), values(out), 1, rows);
  }

  @Override
  public void groupChoose(Array x, int size, Array choice) {
    INDArray from = values(x);
    INDArray to = values(choice);
    long width = x.size(1);
    for (long i = 0; i < choice.length(); i++) {
      int best = 0;
      for (int k = 1; k < size; k++) {
        if (from.getDouble(at(i, k, size, width)) > from.getDouble(at(i, best, size, width))) {
          best = k;
        }
      }
      to.putScalar(i, best);
    }
  }

  /** Where in the input the row {@code choice} of output element {@code i} is. */
  private static long at(long i, double choice, int size, long width) {
    return (i / width * size + (long) choice) * width + i % width;
  }

  @Override
  public void groupPick(Array x, int size, Array choice, Array out) {
    INDArray from = values(x);
    INDArray rows = values(choice);
    INDArray to = values(out);
    for (long i = 0; i < out.length(); i++) {
      to.putScalar(i, from.getDouble(at(i, rows.getDouble(i), size, x.size(1))));
    }
  }

  @Override
  public void groupAdd(Array gradient, int size, Array choice, Array sum) {
    INDArray from = values(gradient);
    INDArray rows = values(choice);
    INDArray sums = values(sum);
    for (long i = 0; i < gradient.length(); i++) {
      long to = at(i, rows.getDouble(i), size, sum.size(1));
      sums.putScalar(to, sums.getDouble(to) + from.getDouble(i));
    }
  }
}

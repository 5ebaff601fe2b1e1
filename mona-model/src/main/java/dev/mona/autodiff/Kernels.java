package dev.mona.autodiff;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J calls into given buffers. All arrays are row-major. */
final class Kernels {
  private Kernels() {}

  /** {@code out = op(a) op(b) + beta * out}, over the last two axes. */
  static void matmul(
      INDArray a, INDArray b, INDArray out, boolean transA, boolean transB, double beta) {
    matmul(a, b, out, transA, transB, 1, beta);
  }

  private static void matmul(
      INDArray a,
      INDArray b,
      INDArray out,
      boolean transA,
      boolean transB,
      double alpha,
      double beta) {
    MMulTranspose transposes =
        MMulTranspose.builder().transposeA(transA).transposeB(transB).build();
    Nd4j.exec(new Mmul(a, b, out, alpha, beta, transposes));
  }

  /** {@code out = alpha op(a) op(b) + beta * out} for each sample and head. */
  static void headProducts(
      INDArray a,
      INDArray b,
      INDArray out,
      boolean transA,
      boolean transB,
      double alpha,
      double beta) {
    if (HeadProducts.apply(a, b, out, transA)) {
      HeadProducts.run(a, b, out, transA, transB, alpha, beta);
    } else {
      matmul(a, b, out, transA, transB, alpha, beta);
    }
  }

  /** Element-wise with broadcasting. */
  static void add(INDArray a, INDArray b, INDArray out) {
    pairwise("add", a, b, out);
  }

  static void subtract(INDArray a, INDArray b, INDArray out) {
    pairwise("subtract", a, b, out);
  }

  static void multiply(INDArray a, INDArray b, INDArray out) {
    pairwise("multiply", a, b, out);
  }

  private static void pairwise(String name, INDArray a, INDArray b, INDArray out) {
    Nd4j.getExecutioner()
        .exec(DynamicCustomOp.builder(name).addInputs(a, b).addOutputs(out).build());
  }

  /**
   * Sum over the last axis, kept with size 1. A product with ones: several times faster than ND4J's
   * reduction.
   */
  static void sumLast(INDArray x, INDArray out, Arena arena) {
    long n = x.size(-1);
    long rows = x.length() / n;
    INDArray matrix = arena.reshape(x, rows, n);
    matmul(matrix, arena.ones(n), arena.reshape(out, rows, 1), false, true, 0);
  }

  /** Mean over the last axis, kept with size 1. */
  static void meanLast(INDArray x, INDArray out, Arena arena) {
    sumLast(x, out, arena);
    out.muli(1.0 / x.size(-1));
  }

  /** Softmax over the last axis. */
  static void softmax(INDArray a, INDArray out) {
    lastAxis("softmax", a, out);
  }

  /**
   * Logarithm of the softmax over the last axis, {@code (a - max) - log(sum exp(a - max))}. ND4J's
   * own operation takes the logarithm of the probability: -infinity where that underflows.
   */
  static void logSoftmax(INDArray a, INDArray out, Arena arena) {
    INDArray row = arena.take(Softmax.reduced(a.shape()));
    INDArray exponentials = arena.take(a.shape());
    lastAxis("reduce_max", a, row);
    subtract(a, row, out);
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Exp(out, exponentials));
    sumLast(exponentials, row, arena);
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Log(row, row));
    subtract(out, row, out);
    arena.release(exponentials);
    arena.release(row);
  }

  /** An operation over the last axis; one that reduces it keeps it with size 1. */
  private static void lastAxis(String name, INDArray a, INDArray out) {
    Nd4j.getExecutioner()
        .exec(
            DynamicCustomOp.builder(name)
                .addInputs(a)
                .addOutputs(out)
                .addIntegerArguments(-1)
                .addBooleanArguments(true)
                .build());
  }
}

package dev.mona.compute.nd4j;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of many small matrices in host memory, {@code [samples, heads, rows, columns]} with any
 * strides but that of the columns: one call of BLAS for each, the samples spread over threads. ND4J
 * takes 1.6 times as long for each and runs one after the other; its product is the tested
 * reference.
 */
final class HeadProducts {
  /**
   * OpenBLAS gives larger products to threads of its own: {@code rows * columns * depth}. They are
   * taken some rows at a time.
   */
  private static final long LARGEST = 1L << 18;

  /** With fewer rows at a time, packing the other factor costs more than is won. */
  private static final long FEWEST = 16;

  private HeadProducts() {}

  /** Whether the arrays are as above, in host memory, and the products small. */
  static boolean apply(INDArray a, INDArray b, INDArray out, boolean transA) {
    long depth = a.rank() == 4 ? a.size(transA ? 2 : 3) : 0;
    return depth > 0
        && matrices(a)
        && matrices(b)
        && matrices(out)
        && out.size(3) * depth <= LARGEST / Math.min(FEWEST, out.size(2))
        && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
  }

  private static boolean matrices(INDArray array) {
    return array.rank() == 4
        && array.dataType() == DataType.FLOAT
        && array.stride(3) == 1
        && array.stride(2) >= array.size(3);
  }

  /** {@code out = alpha op(a) op(b) + beta out}. */
  static void run(INDArray a, INDArray b, INDArray out, Nd4jKernels.Factors factors) {
    boolean transA = factors.transA();
    int heads = (int) out.size(1);
    int rows = (int) out.size(2);
    int columns = (int) out.size(3);
    int depth = (int) a.size(transA ? 2 : 3);
    int each = (int) Math.min(rows, LARGEST / ((long) columns * depth));
    int opA = transA ? CblasTrans : CblasNoTrans;
    int opB = factors.transB() ? CblasTrans : CblasNoTrans;
    HostThreads.run(
        (int) out.size(0),
        () -> {
          Matrix left = new Matrix(a);
          Matrix right = new Matrix(b);
          Matrix product = new Matrix(out);
          return sample -> {
            for (int head = 0; head < heads; head++) {
              for (int row = 0; row < rows; row += each) {
                cblas_sgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    Math.min(each, rows - row),
                    columns,
                    depth,
                    (float) factors.alpha(),
                    left.at(sample, head, transA ? row : (long) row * left.leading),
                    left.leading,
                    right.at(sample, head, 0),
                    right.leading,
                    (float) factors.beta(),
                    product.at(sample, head, (long) row * product.leading),
                    product.leading);
              }
            }
          };
        });
  }

  /** Where the matrices of an array lie. */
  private static final class Matrix {
    final int leading;
    private final long perSample;
    private final long perHead;
    private final FloatPointer pointer;

    Matrix(INDArray array) {
      leading = array.stride(2);
      perSample = array.stride(0);
      perHead = array.stride(1);
      pointer = new FloatPointer(array.data().addressPointer());
    }

    FloatPointer at(int sample, int head, long offset) {
      return pointer.position(sample * perSample + head * perHead + offset);
    }
  }
}

package dev.mona.autodiff;

import dev.mona.tensor.HostFloats;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Distribution function and density of the standard normal law for float arrays in host memory, one
 * pass each, five times faster than ND4J's {@code erf} and {@code exp}. {@link NormalDistribution}
 * and {@link NormalDensity} use it where it applies, and ND4J's operations elsewhere; those are its
 * tested reference.
 *
 * <p>Works on blocks that stay in the first-level cache, in loops that the JIT compiler turns into
 * vector instructions: no tables, no branches, no bit tricks. Each element depends on its own input
 * alone, so the result does not depend on the number of threads. Absolute error below 1e-6.
 */
final class NormalLaw {
  private static final int BLOCK = 2048;
  private static final float ROOT_HALF = (float) Math.sqrt(0.5);
  private static final float INVERSE_ROOT_2_PI = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Beyond it the float erf is 1. */
  private static final float ERF_RANGE = 4;

  /** Largest exponent: {@code e^-20} is below the error. */
  private static final float EXP_RANGE = 20;

  /** {@code e^-y = (e^(-y/16))^16}, four squarings. */
  private static final float ROOT = 1f / 16;

  private static final ThreadLocal<float[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[2][BLOCK]);

  private NormalLaw() {}

  private interface Kernel {
    void apply(float[] x, float[] out, int n);
  }

  /** Whether both arrays are row-major floats that the JVM can read. */
  static boolean applies(INDArray x, INDArray out) {
    return HostFloats.sees(x) && HostFloats.sees(out);
  }

  /** {@code out = Phi(x)}. */
  static void distribution(INDArray x, INDArray out) {
    run(x, out, NormalLaw::distribution);
  }

  /** {@code out = exp(-x^2 / 2) / sqrt(2 pi)}. */
  static void density(INDArray x, INDArray out) {
    run(x, out, NormalLaw::density);
  }

  private static void run(INDArray x, INDArray out, Kernel kernel) {
    FloatBuffer from = HostFloats.view(x);
    FloatBuffer to = HostFloats.view(out);
    int length = from.capacity();
    IntStream blocks = IntStream.range(0, (length + BLOCK - 1) / BLOCK);
    if (Nd4j.getEnvironment().maxThreads() > 1) {
      blocks = blocks.parallel();
    }
    blocks.forEach(
        block -> {
          float[][] scratch = SCRATCH.get();
          int start = block * BLOCK;
          int n = Math.min(BLOCK, length - start);
          from.get(start, scratch[0], 0, n);
          kernel.apply(scratch[0], scratch[1], n);
          to.put(start, scratch[1], 0, n);
        });
  }

  /**
   * erf by {@code z P(z^2) / Q(z^2)} on [-4, 4], both polynomials of degree 5, fitted to the least
   * largest absolute error: 2e-8 before rounding.
   */
  private static void distribution(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      float z = Math.max(-ERF_RANGE, Math.min(ERF_RANGE, x[i] * ROOT_HALF));
      float s = z * z;
      float p = 1.9748366e-06f;
      p = p * s + 2.8804172e-04f;
      p = p * s + 4.0036384e-03f;
      p = p * s + 5.346745e-02f;
      p = p * s + 0.19624874f;
      p = p * s + 1.128379f;
      float q = 3.7480946e-05f;
      q = q * s + 1.2163591e-03f;
      q = q * s + 1.5444404e-02f;
      q = q * s + 0.116476335f;
      q = q * s + 0.5072521f;
      q = q * s + 1f;
      out[i] = 0.5f + 0.5f * (z * p / q);
    }
  }

  /** Inverse of the Taylor polynomial of {@code e^(y/16)}, squared four times. */
  private static void density(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      float y = Math.min(0.5f * x[i] * x[i], EXP_RANGE) * ROOT;
      float e = 1f / 3628800;
      e = e * y + 1f / 362880;
      e = e * y + 1f / 40320;
      e = e * y + 1f / 5040;
      e = e * y + 1f / 720;
      e = e * y + 1f / 120;
      e = e * y + 1f / 24;
      e = e * y + 1f / 6;
      e = e * y + 0.5f;
      e = e * y + 1;
      e = 1 / (e * y + 1);
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      out[i] = INVERSE_ROOT_2_PI * e;
    }
  }
}

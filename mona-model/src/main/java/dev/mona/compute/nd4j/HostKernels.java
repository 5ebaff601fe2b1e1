package dev.mona.compute.nd4j;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import dev.mona.compute.Heads;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Target;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The primitives for floats in this process's memory, one pass over them each where ND4J needs
 * several. What has no kernel here, and arrays that the JVM cannot see as a whole, are the
 * reference's.
 */
final class HostKernels extends Nd4jKernels {
  HostKernels(Nd4jDevice device, Arena arena) {
    super(device, arena);
  }

  /** Whether the JVM {@linkplain Nd4jArray#seen sees} all of each array. */
  private static boolean reach(Array... arrays) {
    for (Array array : arrays) {
      if (!Nd4jArray.of(array).seen()) {
        return false;
      }
    }
    return true;
  }

  private void run(HostBlocks pass, HostBlocks.Kernel kernel) {
    device().called();
    pass.run(kernel);
  }

  private static FloatBuffer floats(Array array) {
    return Nd4jArray.of(array).floats();
  }

  // functions

  @Override
  public void map(Function f, Array x, Array out) {
    if (!reach(x, out)) {
      super.map(f, x, out);
      return;
    }
    switch (f) {
      case GELU -> run(pass(x, out), (a, n) -> gelu(a[0], a[1], n));
      case GELU_SLOPE -> run(pass(x, out).scratch(1), (a, n) -> geluSlope(a[0], a[1], a[2], n));
      case NORMAL_DISTRIBUTION ->
          run(pass(x, out), (a, n) -> NormalLaw.distribution(a[0], a[1], n));
      case NORMAL_DENSITY -> run(pass(x, out), (a, n) -> NormalLaw.density(a[0], a[1], n));
      case EXP, LOG, SIGMOID, SOFTPLUS -> super.map(f, x, out);
    }
  }

  private static HostBlocks pass(Array x, Array out) {
    return HostBlocks.elements(x).read(x).write(out);
  }

  private static void gelu(float[] x, float[] out, int n) {
    NormalLaw.distribution(x, out, n);
    for (int i = 0; i < n; i++) {
      out[i] *= x[i];
    }
  }

  /** Of the first {@code n} elements; {@code density} is overwritten. */
  private static void geluSlope(float[] x, float[] out, float[] density, int n) {
    NormalLaw.distribution(x, out, n);
    NormalLaw.density(x, density, n);
    for (int i = 0; i < n; i++) {
      out[i] += x[i] * density[i];
    }
  }

  @Override
  public void chain(Function f, Array x, Array y, Array gradient) {
    if (chains(f) && reach(x, gradient)) {
      chain(f, x, y, gradient, gradient);
    } else {
      super.chain(f, x, y, gradient);
    }
  }

  private static boolean chains(Function f) {
    return f == Function.GELU || f == Function.GELU_SLOPE;
  }

  @Override
  public void chain(Function f, Array x, Array y, Array gradient, Array out) {
    if (!chains(f) || !reach(x, gradient, out)) {
      super.chain(f, x, y, gradient, out);
      return;
    }
    HostBlocks pass = HostBlocks.elements(x).read(x).read(gradient).write(out);
    if (f == Function.GELU) {
      run(pass.scratch(1).scratch(1), (a, n) -> chainGelu(a[0], a[1], a[2], a[3], a[4], n));
    } else {
      run(pass.scratch(1), (a, n) -> chainGeluSlope(a[0], a[1], a[2], a[3], n));
    }
  }

  private static void chainGelu(
      float[] x, float[] gradient, float[] out, float[] slope, float[] density, int n) {
    geluSlope(x, slope, density, n);
    for (int i = 0; i < n; i++) {
      out[i] = gradient[i] * slope[i];
    }
  }

  /** Times {@code (2 - x^2) phi(x)}. */
  private static void chainGeluSlope(
      float[] x, float[] gradient, float[] out, float[] density, int n) {
    NormalLaw.density(x, density, n);
    for (int i = 0; i < n; i++) {
      out[i] = gradient[i] * (density[i] * (2 - x[i] * x[i]));
    }
  }

  @Override
  public void bend(Function slope, Array x, Array u, Array gradient, Target out) {
    if (slope != Function.GELU_SLOPE || !reach(x, u, gradient, out.array())) {
      super.bend(slope, x, u, gradient, out);
      return;
    }
    boolean add = out.add();
    run(
        HostBlocks.elements(x).read(x).read(u).read(gradient).sum(out).scratch(1),
        (a, n) -> bendGelu(a[0], a[1], a[2], zeros(a[3], add, n), a[4], n));
  }

  private static void bendGelu(
      float[] x, float[] u, float[] gradient, float[] out, float[] density, int n) {
    NormalLaw.density(x, density, n);
    for (int i = 0; i < n; i++) {
      out[i] += density[i] * (2 - x[i] * x[i]) * (u[i] * gradient[i]);
    }
  }

  /** A block that is added to: zeros where the sum is new. */
  private static float[] zeros(float[] block, boolean add, int n) {
    if (!add) {
      Arrays.fill(block, 0, n, 0);
    }
    return block;
  }

  @Override
  public void multiply(Array a, Array b, Target out) {
    if (!out.add() || !reach(a, b, out.array())) {
      super.multiply(a, b, out);
    } else if (b.length() == a.length()) {
      run(
          HostBlocks.elements(a).read(a).read(b).sum(out),
          (x, n) -> addProducts(x[0], x[1], x[2], n));
    } else if (b.length() == a.size(-1) && b.size(-1) == a.size(-1)) {
      int width = (int) a.size(-1);
      run(
          HostBlocks.rows(a).read(a).repeat(b).sum(out),
          (x, rows) -> addProducts(x[0], x[1], x[2], rows * width));
    } else {
      super.multiply(a, b, out);
    }
  }

  private static void addProducts(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] += a[i] * b[i];
    }
  }

  // products and sums

  @Override
  public void headProducts(
      Heads a, Heads b, Heads out, boolean transA, boolean transB, double factor, boolean add) {
    INDArray left = Nd4jArray.of(a);
    INDArray right = Nd4jArray.of(b);
    INDArray product = Nd4jArray.of(out);
    if (HeadProducts.apply(left, right, product, transA)) {
      device().called();
      HeadProducts.run(left, right, product, new Factors(transA, transB, factor, add ? 1 : 0));
    } else {
      super.headProducts(a, b, out, transA, transB, factor, add);
    }
  }

  /** The sums of each block, then their sum. */
  @Override
  public void sumRows(Array matrix, Target out) {
    if (!reach(matrix)) {
      super.sumRows(matrix, out);
      return;
    }
    HostBlocks pass = HostBlocks.rows(matrix);
    if (2L * pass.blocks() > matrix.size(0)) {
      super.sumRows(matrix, out);
    } else if (pass.blocks() == 1 && !out.add()) {
      sumBlocks(pass, matrix, out.array());
    } else {
      Array sums = scratch().take(pass.blocks(), matrix.size(1));
      sumBlocks(pass, matrix, sums);
      if (pass.blocks() == 1) {
        Array sum = out.array();
        add(sum, sums.reshape(sum.shape()), sum);
      } else {
        sumRows(sums, out);
      }
      scratch().release(sums);
    }
  }

  private void sumBlocks(HostBlocks pass, Array matrix, Array sums) {
    int width = (int) matrix.size(1);
    run(
        pass.read(matrix).writePerBlock(sums).scratch(width),
        (a, rows) -> HostRows.sumColumns(a[0], a[2], a[1], rows, width));
  }

  // softmax and normalisation

  @Override
  public void softmaxBack(Array y, Array gradient) {
    if (reach(y, gradient)) {
      softmaxBack(y, gradient, gradient);
    } else {
      super.softmaxBack(y, gradient);
    }
  }

  @Override
  public void softmaxBack(Array y, Array gradient, Array out) {
    if (!reach(y, gradient, out)) {
      super.softmaxBack(y, gradient, out);
      return;
    }
    int width = (int) y.size(-1);
    run(
        HostBlocks.rows(y).read(y).read(gradient).write(out),
        (a, rows) -> softmaxBack(a[0], a[1], a[2], rows, width));
  }

  private static void softmaxBack(float[] y, float[] gradient, float[] out, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = r * width;
      float mean = HostRows.dot(gradient, y, at, width);
      for (int j = at; j < at + width; j++) {
        out[j] = (gradient[j] - mean) * y[j];
      }
    }
  }

  @Override
  public void softmaxBend(Array y, Array u, Array gradient, Target out) {
    if (!reach(y, u, gradient, out.array())) {
      super.softmaxBend(y, u, gradient, out);
      return;
    }
    int width = (int) y.size(-1);
    boolean add = out.add();
    run(
        HostBlocks.rows(y).read(y).read(u).read(gradient).sum(out),
        (a, rows) -> softmaxBend(a[0], a[1], a[2], zeros(a[3], add, rows * width), rows, width));
  }

  private static void softmaxBend(
      float[] y, float[] u, float[] gradient, float[] out, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = r * width;
      float along = HostRows.dot(u, y, at, width);
      float slope = HostRows.dot(gradient, y, at, width);
      for (int j = at; j < at + width; j++) {
        out[j] += gradient[j] * (u[j] - along) - u[j] * slope;
      }
    }
  }

  @Override
  public void normalize(Array x, double epsilon, Array out, Array inverse) {
    if (!reach(x, out, inverse)) {
      super.normalize(x, epsilon, out, inverse);
      return;
    }
    int width = (int) x.size(-1);
    run(
        HostBlocks.rows(x).read(x).write(out).write(inverse),
        (a, rows) -> {
          for (int r = 0; r < rows; r++) {
            a[2][r] = normalize(a[0], a[1], r * width, width, epsilon);
          }
        });
  }

  /** One row; returns the inverse deviation. */
  private static float normalize(float[] x, float[] out, int at, int width, double epsilon) {
    float mean = HostRows.sum(x, at, width) / width;
    for (int j = at; j < at + width; j++) {
      out[j] = x[j] - mean;
    }
    float variance = HostRows.dot(out, out, at, width) / width;
    float inverse = (float) (1 / Math.sqrt(variance + epsilon));
    for (int j = at; j < at + width; j++) {
      out[j] *= inverse;
    }
    return inverse;
  }

  @Override
  public void normalizeBack(Array y, Array inverse, Array gradient) {
    if (reach(y, inverse, gradient)) {
      normalizeBack(y, inverse, gradient, gradient);
    } else {
      super.normalizeBack(y, inverse, gradient);
    }
  }

  @Override
  public void normalizeBack(Array y, Array inverse, Array gradient, Array out) {
    if (!reach(y, inverse, gradient, out)) {
      super.normalizeBack(y, inverse, gradient, out);
      return;
    }
    int width = (int) y.size(-1);
    run(
        HostBlocks.rows(y).read(y).read(inverse).read(gradient).write(out),
        (a, rows) -> {
          for (int r = 0; r < rows; r++) {
            normalizeBack(a[0], a[1][r], a[2], a[3], r * width, width);
          }
        });
  }

  /** One row. */
  private static void normalizeBack(
      float[] y, float inverse, float[] gradient, float[] out, int at, int width) {
    float mean = HostRows.sum(gradient, at, width) / width;
    float along = HostRows.dot(gradient, y, at, width) / width;
    for (int j = at; j < at + width; j++) {
      out[j] = (gradient[j] - mean - y[j] * along) * inverse;
    }
  }

  @Override
  public void normalizeBend(Array y, Array inverse, Array u, Array gradient, Target out) {
    if (!reach(y, inverse, u, gradient, out.array())) {
      super.normalizeBend(y, inverse, u, gradient, out);
      return;
    }
    int width = (int) y.size(-1);
    boolean add = out.add();
    run(
        HostBlocks.rows(y).read(y).read(inverse).read(u).read(gradient).sum(out),
        (a, rows) -> {
          zeros(a[4], add, rows * width);
          for (int r = 0; r < rows; r++) {
            normalizeBend(a, a[1][r], r * width, width);
          }
        });
  }

  /** One row of y, u and gradient into the last array. */
  private static void normalizeBend(float[][] a, float inverse, int at, int width) {
    float[] y = a[0];
    float[] u = a[2];
    float[] gradient = a[3];
    float[] out = a[4];
    float uMean = HostRows.sum(u, at, width) / width;
    float uAlong = HostRows.dot(u, y, at, width) / width;
    float mean = HostRows.sum(gradient, at, width) / width;
    float along = HostRows.dot(gradient, y, at, width) / width;
    float product = HostRows.dot(gradient, u, at, width) / width - mean * uMean - along * uAlong;
    float factor = -inverse * inverse;
    for (int j = at; j < at + width; j++) {
      float first = (gradient[j] - mean - y[j] * along) * uAlong;
      float second = (u[j] - uMean - y[j] * uAlong) * along;
      out[j] += factor * (first + second + y[j] * product);
    }
  }

  @Override
  public void affine(Array x, Array gain, Array bias, Array out) {
    if (!reach(x, gain, bias, out)) {
      super.affine(x, gain, bias, out);
      return;
    }
    int width = (int) gain.length();
    run(
        HostBlocks.rows(x).read(x).write(out).repeat(gain).repeat(bias),
        (a, rows) -> affine(a[0], a[1], a[2], a[3], rows * width));
  }

  private static void affine(float[] x, float[] out, float[] gain, float[] bias, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.fma(x[i], gain[i], bias[i]);
    }
  }

  @Override
  public void affineBack(Array x, Array gain, Array gradient, Target gains, Target biases) {
    if (reach(x, gain, gradient)) {
      affineBack(x, gain, gradient, gradient, gains, biases);
    } else {
      super.affineBack(x, gain, gradient, gains, biases);
    }
  }

  @Override
  public void affineBack(
      Array x, Array gain, Array gradient, Array out, Target gains, Target biases) {
    if (!reach(x, gain, gradient, out)) {
      super.affineBack(x, gain, gradient, out, gains, biases);
      return;
    }
    int width = (int) gain.length();
    HostBlocks pass = HostBlocks.rows(x);
    Array gainSums = scratch().take(pass.blocks(), width);
    Array biasSums = scratch().take(pass.blocks(), width);
    run(
        pass.read(x)
            .read(gradient)
            .write(out)
            .repeat(gain)
            .writePerBlock(gainSums)
            .writePerBlock(biasSums)
            .scratch(width)
            .scratch(width),
        (a, rows) -> {
          HostRows.sumColumns(a[1], a[6], a[5], rows, width);
          affineBack(a, a[7], rows * width);
          HostRows.sumColumns(a[7], a[6], a[4], rows, width);
        });
    sumRows(gainSums, gains);
    sumRows(biasSums, biases);
    scratch().release(gainSums);
    scratch().release(biasSums);
  }

  /** Of x, gradient, out and gain. */
  private static void affineBack(float[][] a, float[] products, int n) {
    float[] x = a[0];
    float[] gradient = a[1];
    float[] out = a[2];
    float[] gain = a[3];
    for (int i = 0; i < n; i++) {
      products[i] = x[i] * gradient[i];
      out[i] = gradient[i] * gain[i];
    }
  }

  // rows

  @Override
  public void gather(Array x, RowIndex rows, Array out) {
    if (!reach(x, out)) {
      super.gather(x, rows, out);
      return;
    }
    device().called();
    int width = (int) x.size(1);
    FloatBuffer from = floats(x);
    FloatBuffer to = floats(out);
    HostThreads.runRows(
        rows.size(),
        width,
        () -> {
          float[] zeros = HostBlocks.MEMORY.atLeast(0, width);
          Arrays.fill(zeros, 0, width, 0);
          return i -> {
            int row = rows.row(i);
            if (row == RowIndex.ZERO) {
              to.put(i * width, zeros, 0, width);
            } else {
              to.put(i * width, from, row * width, width);
            }
          };
        });
  }

  /** Each row of the sum gets what went out from it, in the order of the gathered rows. */
  @Override
  public void gatherAdd(Array gradient, RowIndex rows, Target out) {
    if (!reach(gradient, out.array())) {
      super.gatherAdd(gradient, rows, out);
      return;
    }
    device().called();
    int width = (int) gradient.size(1);
    FloatBuffer from = floats(gradient);
    FloatBuffer to = floats(out.array());
    HostThreads.runRows(
        to.capacity() / width,
        width,
        () -> {
          float[] row = HostBlocks.MEMORY.atLeast(0, width);
          float[] more = HostBlocks.MEMORY.atLeast(1, width);
          return r -> {
            if (out.add()) {
              to.get(r * width, row, 0, width);
            } else {
              Arrays.fill(row, 0, width, 0);
            }
            for (int k = rows.first(r); k < rows.first(r + 1); k++) {
              from.get(rows.place(k) * width, more, 0, width);
              for (int j = 0; j < width; j++) {
                row[j] += more[j];
              }
            }
            to.put(r * width, row, 0, width);
          };
        });
  }

  @Override
  public void groupChoose(Array x, int size, Array choice) {
    if (!reach(x, choice)) {
      super.groupChoose(x, size, choice);
      return;
    }
    int width = (int) x.size(1);
    FloatBuffer from = floats(x);
    FloatBuffer to = floats(choice);
    eachGroup(
        choice,
        size,
        (n, group, best, more) -> {
          from.get(n * size * width, group, 0, size * width);
          for (int j = 0; j < width; j++) {
            int row = 0;
            for (int k = 1; k < size; k++) {
              if (group[k * width + j] > group[row * width + j]) {
                row = k;
              }
            }
            best[j] = row;
          }
          to.put(n * width, best, 0, width);
        });
  }

  @Override
  public void groupPick(Array x, int size, Array choice, Array out) {
    if (!reach(x, choice, out)) {
      super.groupPick(x, size, choice, out);
      return;
    }
    int width = (int) x.size(1);
    FloatBuffer from = floats(x);
    FloatBuffer rows = floats(choice);
    FloatBuffer to = floats(out);
    eachGroup(
        choice,
        size,
        (n, group, best, more) -> {
          from.get(n * size * width, group, 0, size * width);
          rows.get(n * width, best, 0, width);
          for (int j = 0; j < width; j++) {
            best[j] = group[((int) best[j]) * width + j];
          }
          to.put(n * width, best, 0, width);
        });
  }

  @Override
  public void groupAdd(Array gradient, int size, Array choice, Array sum) {
    if (!reach(gradient, choice, sum)) {
      super.groupAdd(gradient, size, choice, sum);
      return;
    }
    int width = (int) sum.size(1);
    FloatBuffer from = floats(gradient);
    FloatBuffer rows = floats(choice);
    FloatBuffer to = floats(sum);
    eachGroup(
        choice,
        size,
        (n, group, best, more) -> {
          to.get(n * size * width, group, 0, size * width);
          rows.get(n * width, best, 0, width);
          from.get(n * width, more, 0, width);
          for (int j = 0; j < width; j++) {
            group[((int) best[j]) * width + j] += more[j];
          }
          to.put(n * size * width, group, 0, size * width);
        });
  }

  /** A pass over groups. */
  private interface Body {
    /**
     * Takes one group.
     *
     * @param n number of the group
     * @param group memory for its rows
     * @param best memory for one row
     * @param more memory for another
     */
    void accept(int n, float[] group, float[] best, float[] more);
  }

  private void eachGroup(Array choice, int size, Body body) {
    device().called();
    int width = (int) choice.size(1);
    HostThreads.runRows(
        (int) choice.size(0),
        size * width,
        () -> {
          float[] group = HostBlocks.MEMORY.atLeast(0, size * width);
          float[] best = HostBlocks.MEMORY.atLeast(1, width);
          float[] more = HostBlocks.MEMORY.atLeast(2, width);
          return n -> body.accept(n, group, best, more);
        });
  }
}

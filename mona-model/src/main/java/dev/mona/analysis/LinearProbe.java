package dev.mona.analysis;

import dev.mona.compute.Array;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.compute.nd4j.Nd4jEngine;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multinomial logistic regression on fixed features: how well a linear classifier reads the classes
 * from a representation. Minimises over weights {@code A [W, K]} and bias {@code b [K]}
 *
 * <pre>mean_i cross entropy(x_i A + b, y_i) + l2 / 2 * |A|^2</pre>
 *
 * <p>where x are the features less their mean over the training set, divided by one common standard
 * deviation. A scale of its own for each feature would blow up those that hardly vary, and a probe
 * that is not refitted would take a small shift of theirs for a large one. The problem is convex,
 * so that the fit depends on the data alone: all samples at once, from zero, by L-BFGS in double. A
 * fitted probe may score other features of the same width, which then go through the training set's
 * standardisation.
 */
public final class LinearProbe {
  /** Default penalty, for standardised features and tens of samples a class. */
  public static final double DEFAULT_L2 = 1e-2;

  private static final double TOLERANCE = 1e-7;
  private static final int MAX_ITERATIONS = 1000;

  private final INDArray mean;
  private final double deviation;
  private final INDArray weights;
  private final INDArray bias;
  private final Lbfgs.Minimum minimum;

  private LinearProbe(INDArray mean, double deviation, Lbfgs.Minimum minimum, int classes) {
    this.mean = mean;
    this.deviation = deviation;
    this.minimum = minimum;
    int width = Math.toIntExact(mean.length());
    double[] point = minimum.point();
    weights = matrix(point, width, classes);
    bias = matrix(Arrays.copyOfRange(point, width * classes, point.length), 1, classes);
  }

  /** {@link #fit(INDArray, int[], int, double)} with {@link #DEFAULT_L2}. */
  public static LinearProbe fit(INDArray features, int[] labels, int classes) {
    return fit(features, labels, classes, DEFAULT_L2);
  }

  /**
   * Fits a probe.
   *
   * @param features {@code [n, W]}, any float type, read only
   * @param labels class of each sample, {@code [n]}, in {@code [0, classes)}
   * @param classes number of classes K; one without samples gets the bias of a rare class
   * @param l2 penalty on the weights, {@code > 0}; the bias is free
   */
  public static LinearProbe fit(INDArray features, int[] labels, int classes, double l2) {
    ClassLabels.check(features, labels, classes);
    if (!(l2 > 0)) {
      throw new IllegalArgumentException("l2 is " + l2 + ", must be > 0");
    }
    int width = features.columns();
    try (INDArray x = Nd4j.createUninitialized(DataType.DOUBLE, features.shape(), 'f')) {
      x.assign(features);
      INDArray mean = x.mean(true, 0);
      x.subiRowVector(mean);
      double deviation = spread(x);
      x.divi(deviation);
      Lbfgs.Objective loss = (point, gradient) -> loss(x, labels, l2, point, gradient);
      double[] start = new double[(width + 1) * classes];
      return new LinearProbe(
          mean, deviation, Lbfgs.minimise(loss, start, TOLERANCE, MAX_ITERATIONS), classes);
    }
  }

  /** Root mean square over samples and features; 1 when nothing varies. */
  private static double spread(INDArray centred) {
    Nd4jDevice device = new Nd4jEngine().open(DeviceSpec.of(ElementType.DOUBLE));
    Array all = device.wrap(centred.reshape(centred.ordering(), new long[] {centred.length()}));
    double squares = device.vectors().dot(all, all).value();
    double spread = Math.sqrt(squares) / Math.sqrt((double) centred.length());
    return spread > 0 ? spread : 1;
  }

  /**
   * The loss and its gradient. Arrays of the device are freed on the spot: a fit evaluates them
   * hundreds of times, and the JVM does not see how much memory is behind those that it has not
   * collected yet.
   *
   * @param x standardised features {@code [n, W]}, columns first
   * @param point weights {@code [W, K]}, columns first, then the bias {@code [K]}
   */
  private static double loss(
      INDArray x, int[] labels, double l2, double[] point, double[] gradient) {
    int n = labels.length;
    int width = x.columns();
    int classes = point.length / (width + 1);
    double[] logits;
    try (INDArray weights = matrix(point, width, classes);
        INDArray products = Nd4j.create(DataType.DOUBLE, new long[] {n, classes}, 'f')) {
      Nd4j.gemm(x, weights, products, false, false, 1, 0);
      logits = products.data().asDouble();
    }
    double fit = 0;
    for (int i = 0; i < n; i++) {
      fit += crossEntropy(logits, i, labels[i], n, point, width * classes);
    }
    try (INDArray residual = matrix(logits, n, classes);
        INDArray sums = Nd4j.create(DataType.DOUBLE, new long[] {width, classes}, 'f')) {
      Nd4j.gemm(x, residual, sums, true, false, 1.0 / n, 0);
      System.arraycopy(sums.data().asDouble(), 0, gradient, 0, width * classes);
    }
    double squares = 0;
    for (int j = 0; j < width * classes; j++) {
      gradient[j] += l2 * point[j];
      squares += point[j] * point[j];
    }
    for (int k = 0; k < classes; k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += logits[k * n + i];
      }
      gradient[width * classes + k] = sum / n;
    }
    return fit / n + l2 / 2 * squares;
  }

  /**
   * Cross entropy of a row of {@code [n, K]} logits, columns first, which lack the bias; the row
   * becomes the gradient by its logits.
   */
  private static double crossEntropy(
      double[] logits, int row, int label, int n, double[] point, int bias) {
    int classes = logits.length / n;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      logits[k * n + row] += point[bias + k];
      most = Math.max(most, logits[k * n + row]);
    }
    double correct = logits[label * n + row] - most;
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      logits[k * n + row] = Math.exp(logits[k * n + row] - most);
      sum += logits[k * n + row];
    }
    for (int k = 0; k < classes; k++) {
      logits[k * n + row] /= sum;
    }
    logits[label * n + row] -= 1;
    return Math.log(sum) - correct;
  }

  /** The first numbers of a vector as a matrix, columns first. */
  private static INDArray matrix(double[] values, int rows, int columns) {
    double[] own = Arrays.copyOf(values, rows * columns);
    return Nd4j.create(own, new long[] {rows, columns}, new long[] {1, rows}, 'f', DataType.DOUBLE);
  }

  /** Logits {@code [n, K]} in double of features {@code [n, W]}. */
  public INDArray logits(INDArray features) {
    if (features.rank() != 2 || features.columns() != mean.length()) {
      throw new IllegalArgumentException(
          "features are of shape "
              + features.shapeInfoToString()
              + ", must be [n, "
              + mean.length()
              + "]");
    }
    try (INDArray x = Nd4j.createUninitialized(DataType.DOUBLE, features.shape(), 'f')) {
      x.assign(features);
      return x.subiRowVector(mean).divi(deviation).mmul(weights).addiRowVector(bias);
    }
  }

  /** Fraction of samples whose largest logit is not that of their class. */
  public double errorRate(INDArray features, int[] labels) {
    ClassLabels.check(features, labels, Math.toIntExact(bias.length()));
    int[] decisions;
    try (INDArray logits = logits(features)) {
      decisions = logits.argMax(1).toIntVector();
    }
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      wrong += decisions[i] == labels[i] ? 0 : 1;
    }
    return (double) wrong / labels.length;
  }

  /** Whether the fit reached a gradient of about 0, rather than its limit of steps. */
  public boolean converged() {
    return minimum.converged();
  }

  /** Largest absolute entry of the objective's gradient at the fit. */
  public double gradientNorm() {
    return minimum.gradientNorm();
  }
}

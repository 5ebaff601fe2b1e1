package dev.mona.analysis;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

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
    weights = weights(minimum.point(), mean.length(), classes);
    bias = bias(minimum.point(), mean.length(), classes);
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
    INDArray x = features.castTo(DataType.DOUBLE);
    INDArray mean = x.mean(true, 0);
    INDArray centred = x.sub(mean);
    double deviation = spread(centred);
    INDArray standardised = centred.divi(deviation);
    INDArray targets = ClassLabels.oneHot(labels, classes);
    Lbfgs.Objective loss = (point, gradient) -> loss(standardised, targets, l2, point, gradient);
    INDArray start = Nd4j.zeros(DataType.DOUBLE, (x.columns() + 1L) * classes);
    Lbfgs.Minimum minimum = Lbfgs.minimise(loss, start, TOLERANCE, MAX_ITERATIONS);
    return new LinearProbe(mean, deviation, minimum, classes);
  }

  /** Root mean square over samples and features; 1 when nothing varies. */
  private static double spread(INDArray centred) {
    double spread = Math.sqrt(centred.mul(centred).meanNumber().doubleValue());
    return spread > 0 ? spread : 1;
  }

  private static double loss(
      INDArray x, INDArray targets, double l2, INDArray point, INDArray gradient) {
    long n = x.rows();
    long width = x.columns();
    long classes = targets.columns();
    INDArray a = weights(point, width, classes);
    INDArray logits = x.mmul(a).addiRowVector(bias(point, width, classes));
    logits.subiColumnVector(logits.max(true, 1));
    INDArray normaliser = Transforms.log(Transforms.exp(logits, true).sum(true, 1), false);
    double fit =
        normaliser.sumNumber().doubleValue() - logits.mul(targets).sumNumber().doubleValue();
    INDArray residual = Nd4j.exec(new SoftMax(logits, logits.ulike(), 1))[0].subi(targets).divi(n);
    weights(gradient, width, classes).assign(x.transpose().mmul(residual).addi(a.mul(l2)));
    bias(gradient, width, classes).assign(residual.sum(true, 0));
    return fit / n + l2 / 2 * a.mul(a).sumNumber().doubleValue();
  }

  private static INDArray weights(INDArray point, long width, long classes) {
    return point.get(NDArrayIndex.interval(0, width * classes)).reshape(width, classes);
  }

  private static INDArray bias(INDArray point, long width, long classes) {
    return point
        .get(NDArrayIndex.interval(width * classes, (width + 1) * classes))
        .reshape(1, classes);
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
    return features
        .castTo(DataType.DOUBLE)
        .sub(mean)
        .divi(deviation)
        .mmul(weights)
        .addiRowVector(bias);
  }

  /** Fraction of samples whose largest logit is not that of their class. */
  public double errorRate(INDArray features, int[] labels) {
    ClassLabels.check(features, labels, Math.toIntExact(bias.length()));
    int[] decisions = logits(features).argMax(1).toIntVector();
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

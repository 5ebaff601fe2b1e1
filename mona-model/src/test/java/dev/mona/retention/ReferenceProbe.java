package dev.mona.retention;

import dev.mona.analysis.LinearProbe;
import java.util.Arrays;

/**
 * The linear probe once more: softmax regression on features less their mean over one common
 * deviation, fitted by accelerated gradient descent in plain loops.
 *
 * @param mean of the features that it was fitted on
 * @param deviation of all their entries
 * @param weights {@code [classes][width + 1]}, the bias last
 */
record ReferenceProbe(double[] mean, double deviation, double[][] weights) {
  private static final int STEPS = 20_000;

  static ReferenceProbe fit(double[][] features, int[] labels, int classes) {
    int n = features.length;
    int width = features[0].length;
    double[] mean = new double[width];
    for (double[] row : features) {
      for (int w = 0; w < width; w++) {
        mean[w] += row[w] / n;
      }
    }
    double squares = 0;
    for (double[] row : features) {
      for (int w = 0; w < width; w++) {
        squares += (row[w] - mean[w]) * (row[w] - mean[w]);
      }
    }
    ReferenceProbe probe =
        new ReferenceProbe(mean, Math.sqrt(squares / (n * width)), new double[classes][width + 1]);
    // features of unit variance: the loss is at most width / 2 + 1 / 2 + l2 steep
    double rate = 1 / (0.5 * width + 0.5 + LinearProbe.DEFAULT_L2);
    double[][] before = new double[classes][width + 1];
    for (int step = 0; step < STEPS; step++) {
      double momentum = step / (step + 3.0);
      for (int k = 0; k < classes; k++) {
        for (int w = 0; w <= width; w++) {
          double here = probe.weights[k][w];
          probe.weights[k][w] += momentum * (here - before[k][w]);
          before[k][w] = here;
        }
      }
      double[][] gradient = probe.gradient(features, labels);
      for (int k = 0; k < classes; k++) {
        for (int w = 0; w <= width; w++) {
          probe.weights[k][w] -= rate * gradient[k][w];
        }
      }
    }
    return probe;
  }

  private double[][] gradient(double[][] features, int[] labels) {
    int n = features.length;
    int width = mean.length;
    double[][] gradient = new double[weights.length][width + 1];
    for (int k = 0; k < weights.length; k++) {
      for (int w = 0; w < width; w++) {
        gradient[k][w] = LinearProbe.DEFAULT_L2 * weights[k][w];
      }
    }
    for (int i = 0; i < n; i++) {
      double[] logits = logits(features[i]);
      double sum = 0;
      for (double z : logits) {
        sum += Math.exp(z);
      }
      for (int k = 0; k < weights.length; k++) {
        double residual = (Math.exp(logits[k]) / sum - (labels[i] == k ? 1 : 0)) / n;
        for (int w = 0; w < width; w++) {
          gradient[k][w] += residual * (features[i][w] - mean[w]) / deviation;
        }
        gradient[k][width] += residual;
      }
    }
    return gradient;
  }

  double[] logits(double[] features) {
    double[] logits = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      logits[k] = weights[k][mean.length];
      for (int w = 0; w < mean.length; w++) {
        logits[k] += weights[k][w] * (features[w] - mean[w]) / deviation;
      }
    }
    return logits;
  }

  /** Fraction of samples that another class gets. */
  double error(double[][] features, int[] labels) {
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      double[] logits = logits(features[i]);
      double largest = Arrays.stream(logits).max().orElseThrow();
      wrong += logits[labels[i]] < largest ? 1 : 0;
    }
    return (double) wrong / labels.length;
  }
}

package dev.mona.analysis;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Davies-Bouldin index of labelled features (IEEE TPAMI 1979): with {@code s_i} the mean Euclidean
 * distance of the samples of class i to their centroid and {@code d_ij} the distance of two
 * centroids,
 *
 * <pre>mean over i of max over j != i of (s_i + s_j) / d_ij</pre>
 *
 * <p>Lower is better separated. Classes without samples are left out; classes with one and the same
 * centroid make the index infinite.
 */
public final class DaviesBouldin {
  private DaviesBouldin() {}

  /**
   * The index.
   *
   * @param features {@code [n, W]}, read only
   * @param labels class of each sample, {@code [n]}, in {@code [0, classes)}
   * @param classes number of classes
   * @return the index, NaN with fewer than two classes that have samples
   */
  public static double index(INDArray features, int[] labels, int classes) {
    ClassLabels.check(features, labels, classes);
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    double[][] x = features.castTo(DataType.DOUBLE).toDoubleMatrix();
    double[][] centroids = centroids(x, labels, counts);
    double[] spreads = new double[classes];
    for (int i = 0; i < x.length; i++) {
      spreads[labels[i]] += distance(x[i], centroids[labels[i]]) / counts[labels[i]];
    }
    double sum = 0;
    int present = 0;
    for (int i = 0; i < classes; i++) {
      if (counts[i] > 0) {
        sum += worst(i, centroids, spreads, counts);
        present++;
      }
    }
    return present < 2 ? Double.NaN : sum / present;
  }

  private static double worst(int i, double[][] centroids, double[] spreads, int[] counts) {
    double worst = 0;
    for (int j = 0; j < counts.length; j++) {
      if (j != i && counts[j] > 0) {
        double apart = distance(centroids[i], centroids[j]);
        double ratio = apart == 0 ? Double.POSITIVE_INFINITY : (spreads[i] + spreads[j]) / apart;
        worst = Math.max(worst, ratio);
      }
    }
    return worst;
  }

  private static double[][] centroids(double[][] x, int[] labels, int[] counts) {
    double[][] centroids = new double[counts.length][x.length == 0 ? 0 : x[0].length];
    for (int i = 0; i < x.length; i++) {
      double[] centroid = centroids[labels[i]];
      for (int w = 0; w < centroid.length; w++) {
        centroid[w] += x[i][w] / counts[labels[i]];
      }
    }
    return centroids;
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int w = 0; w < a.length; w++) {
      squares += (a[w] - b[w]) * (a[w] - b[w]);
    }
    return Math.sqrt(squares);
  }
}

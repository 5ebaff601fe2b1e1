package dev.mona.analysis;

import dev.mona.random.SplitMix64;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.RandomGeneratorFactory;

/**
 * Clusters of a k-means fit: Lloyd's iterations from k-means++ (Arthur and Vassilvitskii, SODA
 * 2007) by Commons Math, which gives an empty cluster a point of the one with the largest variance.
 * A pure function of the rows and the seed.
 */
public final class KMeans implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long KEY = 0x4B4D45L;
  private static final int MAX_ITERATIONS = 100;

  private final double[][] centroids;

  private KMeans(double[][] centroids) {
    this.centroids = centroids;
  }

  /**
   * Fits clusters.
   *
   * @param values rows {@code [n, width]} row-major, at least one
   * @param width of a row
   * @param k clusters; fewer rows make as many clusters
   */
  public static KMeans fit(float[] values, int width, int k, long seed) {
    if (values.length == 0 || values.length % width != 0 || k < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d values are not rows of %d for %d clusters",
              values.length,
              width,
              k));
    }
    List<DoublePoint> points = new ArrayList<>();
    for (int at = 0; at < values.length; at += width) {
      double[] row = new double[width];
      for (int w = 0; w < width; w++) {
        row[w] = values[at + w];
      }
      points.add(new DoublePoint(row));
    }
    KMeansPlusPlusClusterer<DoublePoint> clusterer =
        new KMeansPlusPlusClusterer<>(
            Math.min(k, points.size()),
            MAX_ITERATIONS,
            new EuclideanDistance(),
            RandomGeneratorFactory.createRandomGenerator(new Random(SplitMix64.hash(seed, KEY))));
    List<double[]> centroids = new ArrayList<>();
    for (CentroidCluster<DoublePoint> cluster : clusterer.cluster(points)) {
      centroids.add(cluster.getCenter().getPoint());
    }
    return new KMeans(centroids.toArray(double[][]::new));
  }

  /** Number of clusters. */
  public int size() {
    return centroids.length;
  }

  /** Index of the nearest centroid of each row, the first of equally near ones. */
  public int[] nearest(float[] values) {
    int width = centroids[0].length;
    if (values.length % width != 0) {
      throw new IllegalArgumentException(
          values.length + " values are not rows of " + width + " as the clusters'");
    }
    int[] nearest = new int[values.length / width];
    for (int i = 0; i < nearest.length; i++) {
      double best = Double.POSITIVE_INFINITY;
      for (int c = 0; c < centroids.length; c++) {
        double distance = 0;
        for (int w = 0; w < width; w++) {
          double d = values[i * width + w] - centroids[c][w];
          distance += d * d;
        }
        if (distance < best) {
          best = distance;
          nearest[i] = c;
        }
      }
    }
    return nearest;
  }
}

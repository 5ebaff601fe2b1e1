package dev.mona.analysis;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Modality knowledge discrepancy (Ma et al., ICML 2024, section 3): how far the classes of the
 * target are from the best matching classes of the source, as a source classifier sees the target's
 * samples. With q(x) its probabilities:
 *
 * <pre>
 * C[t, s] = mean over samples of class t of -log q_s(x)
 * m       = the injective map of target to source classes with the least sum_t p(t) C[t, m(t)]
 * D       = mean over samples of -log( q_m(y)(x) / sum_t q_m(t)(x) )
 * </pre>
 *
 * <p>D is the Kullback-Leibler divergence of the target's labels from q restricted to the matched
 * classes. It is 0 where the source already tells the target's classes apart, and log K where it
 * says nothing about K of them.
 *
 * @param value D in nats
 * @param sourceClasses m: the source class of each target class, -1 of one without samples
 */
public record KnowledgeDiscrepancy(double value, int[] sourceClasses) {

  /**
   * Computes it.
   *
   * @param logits of the source classifier on target samples {@code [n, source classes]}
   * @param labels target class of each sample
   * @param classes target classes; those that occur are at most as many as the source's
   */
  public static KnowledgeDiscrepancy of(INDArray logits, int[] labels, int classes) {
    ClassLabels.check(logits, labels, classes);
    double[][] q = logLikelihoods(logits);
    int[] present = Arrays.stream(labels).distinct().sorted().toArray();
    // weighted by p(t) n: the sum over a class instead of its mean
    double[][] costs = new double[present.length][logits.columns()];
    for (int i = 0; i < labels.length; i++) {
      double[] row = costs[Arrays.binarySearch(present, labels[i])];
      for (int s = 0; s < row.length; s++) {
        row[s] -= q[i][s];
      }
    }
    int[] matched = Assignment.cheapest(costs);
    int[] sourceClasses = new int[classes];
    Arrays.fill(sourceClasses, -1);
    for (int t = 0; t < present.length; t++) {
      sourceClasses[present[t]] = matched[t];
    }
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += logSum(q[i], matched) - q[i][sourceClasses[labels[i]]];
    }
    return new KnowledgeDiscrepancy(sum / labels.length, sourceClasses);
  }

  private static double[][] logLikelihoods(INDArray logits) {
    double[][] q = logits.toDoubleMatrix();
    int[] all = new int[logits.columns()];
    Arrays.setAll(all, s -> s);
    for (double[] row : q) {
      double normaliser = logSum(row, all);
      Arrays.setAll(row, s -> row[s] - normaliser);
    }
    return q;
  }

  /** Logarithm of the sum of exponentials of some entries. */
  private static double logSum(double[] values, int[] entries) {
    double largest = Arrays.stream(entries).mapToDouble(s -> values[s]).max().orElseThrow();
    double sum = 0;
    for (int s : entries) {
      sum += Math.exp(values[s] - largest);
    }
    return largest + Math.log(sum);
  }
}

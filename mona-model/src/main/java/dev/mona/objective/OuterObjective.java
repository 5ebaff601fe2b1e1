package dev.mona.objective;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import java.util.Arrays;
import java.util.Map;

/**
 * L_outer: how well source representations keep their classes together and apart.
 *
 * <p>Alignment and uniformity (Wang and Isola, ICML 2020) over l2-normalised representations z:
 *
 * <pre>
 *   L_align   = mean over pairs i != j, y_i = y_j of |z_i - z_j|^2
 *   L_uniform = log mean over pairs i &lt; j of exp(-t |z_i - z_j|^2)
 * </pre>
 *
 * Either part may stand alone, to see what it does without the other. Supervised contrastive
 * (Khosla et al. 2020): mean over anchors i of the mean over positives p of {@code -log(exp(z_i z_p
 * / tau) / sum over a != i of exp(z_i z_a / tau))}.
 */
public final class OuterObjective {
  /** Added to squared norms before the root. */
  private static final double TINY = 1e-12;

  private OuterObjective() {}

  /**
   * Records the loss.
   *
   * @param representations {@code [n, width]}, not yet normalised
   * @param labels class of each, with at least one pair of equal labels
   */
  public static OuterLoss of(
      Tape tape, OuterOptions options, Variable representations, int[] labels) {
    Variable norms = representations.multiply(representations).sumLast().shift(TINY);
    Variable z = representations.multiply(norms.power(-0.5));
    Variable similarity = z.matmul(z, false, true);
    return switch (options.kind()) {
      case ALIGNMENT_UNIFORMITY, ALIGNMENT, UNIFORMITY -> pairs(tape, similarity, labels, options);
      case SUPERVISED_CONTRASTIVE -> contrastive(tape, similarity, labels, options.tau());
    };
  }

  /** Both parts are recorded, whichever of them counts. */
  private static OuterLoss pairs(
      Tape tape, Variable similarity, int[] labels, OuterOptions options) {
    int n = labels.length;
    // |z_i - z_j|^2 = 2 - 2 z_i z_j
    Variable distances = similarity.scale(-2).shift(2);
    Variable align = distances.multiply(tape.constant(positives(labels, false), n, n)).sum();
    float[] all = new float[n * n];
    Arrays.fill(all, 1f / (n * (n - 1f)));
    for (int i = 0; i < n; i++) {
      all[i * n + i] = 0;
    }
    Variable uniform =
        distances
            .scale(-options.temperature())
            .exp()
            .multiply(tape.constant(all, n, n))
            .sum()
            .log();
    Variable total =
        switch (options.kind()) {
          case ALIGNMENT -> align;
          case UNIFORMITY -> uniform;
          case ALIGNMENT_UNIFORMITY, SUPERVISED_CONTRASTIVE -> align.add(uniform);
        };
    return new OuterLoss(total, Map.of("align", align, "uniform", uniform));
  }

  private static OuterLoss contrastive(Tape tape, Variable similarity, int[] labels, double tau) {
    int n = labels.length;
    float[] self = new float[n * n];
    for (int i = 0; i < n; i++) {
      self[i * n + i] = -1e9f;
    }
    Variable logProbabilities =
        similarity.scale(1 / tau).add(tape.constant(self, n, n)).logSoftmax();
    Variable loss =
        logProbabilities.multiply(tape.constant(positives(labels, true), n, n)).sum().scale(-1);
    return new OuterLoss(loss, Map.of("contrastive", loss));
  }

  /** Weights of positive pairs: equal over all pairs, or equal over anchors. */
  private static float[] positives(int[] labels, boolean perAnchor) {
    int n = labels.length;
    float[] weights = new float[n * n];
    long pairs = 0;
    int anchors = 0;
    int[] count = new int[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        count[i] += i != j && labels[i] == labels[j] ? 1 : 0;
      }
      pairs += count[i];
      anchors += count[i] > 0 ? 1 : 0;
    }
    if (pairs == 0) {
      throw new IllegalArgumentException("no two of the " + n + " source samples share a class");
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (i != j && labels[i] == labels[j]) {
          weights[i * n + j] = perAnchor ? 1f / ((float) anchors * count[i]) : 1f / pairs;
        }
      }
    }
    return weights;
  }
}

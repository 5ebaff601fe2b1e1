package dev.mona.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * Model selection and early stopping by validation score, lower is better. The best epoch is the
 * first with the lowest score; an improvement is a score below the last improvement's by more than
 * the minimum. A score of NaN is neither.
 *
 * @param best the best epoch of the stage so far, if any was scored
 * @param reference score of the last improvement; NaN before the first
 * @param staleEpochs scored epochs since then
 */
public record Selection(@Nullable BestEpoch best, double reference, int staleEpochs) {
  public static final Selection START = new Selection(null, Double.NaN, 0);

  public Selection {
    if (staleEpochs < 0) {
      throw new IllegalArgumentException(staleEpochs + " stale epochs: impossible");
    }
  }

  /**
   * The selection after another epoch.
   *
   * @param minimumImprovement by how much a score has to fall to count as improvement
   */
  public Selection after(int epoch, double score, float[] parameters, double minimumImprovement) {
    BestEpoch newBest = best;
    if (!Double.isNaN(score) && (best == null || score < best.score())) {
      newBest = new BestEpoch(epoch, score, parameters);
    }
    boolean improved =
        !Double.isNaN(score) && (Double.isNaN(reference) || score < reference - minimumImprovement);
    return new Selection(newBest, improved ? score : reference, improved ? 0 : staleEpochs + 1);
  }

  /**
   * Whether patience has run out.
   *
   * @param patience epochs in a row without improvement that end training; 0 for never
   */
  public boolean stops(int patience) {
    return patience > 0 && staleEpochs >= patience;
  }
}

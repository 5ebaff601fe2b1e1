package dev.mona.training;

import dev.mona.checkpoint.BestEpoch;
import org.jspecify.annotations.Nullable;

/**
 * Model selection and early stopping by validation score, lower is better. The best epoch is the
 * first with the lowest score; an improvement is a score below the last improvement's by more than
 * the minimum. A score of NaN is neither.
 *
 * @param best the best epoch so far
 * @param reference score of the last improvement; NaN before the first
 * @param staleEpochs scored epochs since then
 */
record Selection(@Nullable BestEpoch best, double reference, int staleEpochs) {
  static final Selection START = new Selection(null, Double.NaN, 0);

  /** The selection after another epoch. */
  Selection after(int epoch, double score, float[] parameters, StoppingOptions options) {
    BestEpoch newBest = best;
    if (!Double.isNaN(score) && (best == null || score < best.score())) {
      newBest = new BestEpoch(epoch, score, parameters);
    }
    boolean improved =
        !Double.isNaN(score)
            && (Double.isNaN(reference) || score < reference - options.minimumImprovement());
    return new Selection(newBest, improved ? score : reference, improved ? 0 : staleEpochs + 1);
  }

  /** Whether patience has run out. */
  boolean stops(StoppingOptions options) {
    return options.patience() > 0 && staleEpochs >= options.patience();
  }
}

package dev.mona.task;

/** Losses of target tasks; p is the prediction, y the label. */
public enum Loss {
  /** {@code -log softmax(p)_y}. */
  CROSS_ENTROPY,
  /** Of the sigmoid of each output, positives weighted; labels of -1 are left out. */
  BINARY_CROSS_ENTROPY,
  /**
   * {@code mean (p - y)^2}; labels above the cap count as the cap, labels of -1 with a cap not at
   * all.
   */
  MEAN_SQUARED,
  /** Mean over samples of {@code |p - y| / |y|}. */
  RELATIVE_L2,
  /** Mean over samples of {@code sqrt(mean (p - y)^2)}. */
  RMSE,
  /** Mean over samples of {@code sqrt(mean (p - y)^2) / sqrt(mean y^2)}. */
  NRMSE;

  /** The loss of a kind of task where none is named. */
  public static Loss of(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> CROSS_ENTROPY;
      case MULTI_LABEL -> BINARY_CROSS_ENTROPY;
      case DENSE -> RELATIVE_L2;
    };
  }

  /** Whether a task of that kind can have this loss. */
  public boolean fits(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> this == CROSS_ENTROPY;
      case MULTI_LABEL -> this == BINARY_CROSS_ENTROPY;
      case DENSE -> this != CROSS_ENTROPY;
    };
  }
}

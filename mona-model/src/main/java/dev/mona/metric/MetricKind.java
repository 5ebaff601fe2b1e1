package dev.mona.metric;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The metrics, which tasks each fits, and how it is made for one. All are errors, lower is better.
 */
public enum MetricKind {
  /** Part of the decisions that are wrong. */
  ERROR_RATE {
    @Override
    public boolean fits(TaskSpec task) {
      return decides(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new ErrorRate(task.kind(), task.predictionLength());
    }
  },
  /** One minus the F1 score averaged over classes. */
  MACRO_F1 {
    @Override
    public boolean fits(TaskSpec task) {
      return decides(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new MacroF1(task.kind(), task.predictionLength());
    }
  },
  /** One minus the mean area under the ROC curve over outputs. */
  AUROC {
    @Override
    public boolean fits(TaskSpec task) {
      return decides(task) || isBinary(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new Auroc(task.kind(), task.predictionLength());
    }
  },
  /** One minus the mean average precision over outputs. */
  MAP {
    @Override
    public boolean fits(TaskSpec task) {
      return decides(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new MeanAveragePrecision(task.kind(), task.predictionLength());
    }
  },
  /** Distance of a predicted field from the true one, relative to its length. */
  RELATIVE_L2 {
    @Override
    public boolean fits(TaskSpec task) {
      return hasFields(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new RelativeError(this, task.predictionLength());
    }
  },
  /** Root mean squared error of a field, relative to its root mean square. */
  NRMSE {
    @Override
    public boolean fits(TaskSpec task) {
      return hasFields(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new RelativeError(this, task.predictionLength());
    }
  },
  /** Mean absolute error of distances between residues that are near in space, not in sequence. */
  CONTACT_MAE {
    @Override
    public boolean fits(TaskSpec task) {
      return ContactError.fits(task);
    }

    @Override
    Metric make(TaskSpec task) {
      return new ContactError(task.shape().width());
    }
  };

  /** Name in configuration, logs and reports: {@code error-rate}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a task can be scored by it. */
  public abstract boolean fits(TaskSpec task);

  /** The metric for a task that it fits. */
  abstract Metric make(TaskSpec task);

  /** Those that fit a task, in a fixed order. */
  public static List<MetricKind> fitting(TaskSpec task) {
    return Arrays.stream(values()).filter(kind -> kind.fits(task)).toList();
  }

  /**
   * The metric for a task.
   *
   * @throws MonaException of category {@code CONFIGURATION} for a task that it does not fit
   */
  public Metric of(TaskSpec task) {
    if (!fits(task)) {
      throw MonaException.configuration(
          "metric %s does not fit task %s, which is %s with the loss %s: choose one of %s"
              .formatted(
                  id(),
                  task.name(),
                  task.kind(),
                  task.loss().loss(),
                  fitting(task).stream().map(MetricKind::id).toList()));
    }
    return make(task);
  }

  /** Whether a task has classes or labels to decide on. */
  private static boolean decides(TaskSpec task) {
    return task.kind() != TaskKind.DENSE;
  }

  private static boolean isBinary(TaskSpec task) {
    return task.loss().loss() == Loss.BINARY_CROSS_ENTROPY;
  }

  /** Whether a task has fields of values, not of probabilities or of distances with a cap. */
  private static boolean hasFields(TaskSpec task) {
    return !decides(task) && !isBinary(task) && task.loss().cap() == 0;
  }
}

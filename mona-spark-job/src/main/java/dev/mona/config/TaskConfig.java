package dev.mona.config;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The target task and how much of its data is used.
 *
 * @param name short name for files and reports
 * @param data directory of the data set (Parquet and manifest)
 * @param trainSamples samples to train on, after the validation split; 0 for all
 * @param validationFraction part of the train split held out for choosing the best epoch
 * @param metric score that decides
 * @param positiveWeight weight of positive labels in the multi-label loss
 */
public record TaskConfig(
    String name,
    String data,
    int trainSamples,
    double validationFraction,
    Metric metric,
    double positiveWeight)
    implements Serializable {

  /** Scores; all are errors, lower is better. */
  public enum Metric {
    /** Part of the samples that are classified wrongly. */
    ERROR_RATE,
    /** One minus the F1 score averaged over classes. */
    MACRO_F1,
    /** One minus the mean area under the ROC curve over outputs. */
    AUROC,
    /** One minus the mean average precision over outputs. */
    MAP,
    /** Norm of a field's error over the norm of the field. */
    RELATIVE_L2,
    /** The same number as PDEBench names it. */
    NRMSE,
    /** Error of the distances of residues in long-range contact. */
    CONTACT_MAE;

    /** Name in configuration files and of the model's metric. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public TaskConfig {
    if (trainSamples < 0
        || !(validationFraction >= 0 && validationFraction < 1)
        || !(positiveWeight > 0)) {
      throw new IllegalArgumentException(
          "train samples must be >= 0, the validation fraction in [0, 1), the positive weight > 0");
    }
  }

  static final Key<String> NAME =
      Key.of(new ValueType.Name(false), "task.name", "Short name for files and reports")
          .withoutDefault();
  static final Key<String> DATA =
      Key.of(
              new ValueType.Location(false),
              "task.data",
              "Directory of the data set, as written by `mona convert`")
          .withoutDefault();
  static final Key<Integer> TRAIN_SAMPLES =
      Key.atLeast(
          0, "task.train-samples", "Samples to train on, after the validation split; 0 for all");
  static final Key<Double> VALIDATION_FRACTION =
      Key.fraction(
          "task.validation-fraction",
          "Part of the train split held out to choose the best epoch; 0 to keep the last epoch");
  static final Key<Metric> METRIC =
      Key.choice(
          Metric.class,
          "task.metric",
          "Score that chooses the best epoch; each is an error, lower is better");

  static final Key<Double> POSITIVE_WEIGHT =
      Key.positive(
          "task.positive-weight",
          "Weight of positive labels in the loss of a multi-label task; 1 otherwise");

  static final Section SECTION =
      new Section() {
        @Override
        public String title() {
          return "Target task";
        }

        @Override
        public List<Key<?>> keys() {
          return List.of(NAME, DATA, TRAIN_SAMPLES, VALIDATION_FRACTION, METRIC, POSITIVE_WEIGHT);
        }

        @Override
        public void check(Values values, Problems problems) {
          if (values.has(TRAIN_SAMPLES, RunConfig.PARTITIONS)
              && values.get(TRAIN_SAMPLES) > 0
              && values.get(RunConfig.PARTITIONS) > values.get(TRAIN_SAMPLES)) {
            problems.add(
                values.quote(RunConfig.PARTITIONS)
                    + ", more than the "
                    + values.get(TRAIN_SAMPLES)
                    + " of task.train-samples: use fewer partitions");
          }
        }
      };

  static TaskConfig from(Values values) {
    return new TaskConfig(
        values.get(NAME),
        values.get(DATA),
        values.get(TRAIN_SAMPLES),
        values.get(VALIDATION_FRACTION),
        values.get(METRIC),
        values.get(POSITIVE_WEIGHT));
  }
}

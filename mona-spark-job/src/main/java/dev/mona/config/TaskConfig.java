package dev.mona.config;

import dev.mona.learner.Augmentation;
import dev.mona.metric.MetricKind;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.TaskKind;

/**
 * The target task and how much of its data is used.
 *
 * @param name short name for files and reports
 * @param data the data set and how much of it is used
 * @param metric score that decides
 * @param loss what is minimised
 * @param augmentation what is done to training samples each time they are read
 */
public record TaskConfig(
    String name, DataConfig data, MetricKind metric, LossConfig loss, Augmentation augmentation) {

  /**
   * The data set and how much of it is used.
   *
   * @param path directory of the data set (Parquet and manifest)
   * @param trainSamples samples to train on, after the validation split; 0 for all
   * @param trainFraction part of them to train on
   * @param testSamples samples of the test split to score; 0 for all
   * @param validationFraction part of the train split held out for choosing the best epoch
   */
  public record DataConfig(
      String path,
      int trainSamples,
      double trainFraction,
      int testSamples,
      double validationFraction) {
    public DataConfig {
      if (trainSamples < 0
          || testSamples < 0
          || !(trainFraction > 0 && trainFraction <= 1)
          || !(validationFraction >= 0 && validationFraction < 1)) {
        throw new IllegalArgumentException(
            "train and test samples must be >= 0, the train fraction in (0, 1], the validation"
                + " fraction in [0, 1)");
      }
    }
  }

  /**
   * What is minimised.
   *
   * @param name which loss
   * @param positiveWeight weight of positive labels in the binary cross entropy
   * @param cap largest label of the mean squared loss; 0 for none
   * @param classWeights of the cross entropy
   */
  public record LossConfig(
      LossName name, double positiveWeight, double cap, ClassWeights classWeights) {
    public LossConfig {
      if (!(positiveWeight > 0) || !(cap >= 0)) {
        throw new IllegalArgumentException("the positive weight must be > 0, the cap >= 0");
      }
    }

    /** The loss of a task of that kind; whether it can have it is for the task to say. */
    public LossOptions options(TaskKind kind) {
      Loss loss = name == LossName.AUTO ? Loss.of(kind) : Loss.valueOf(name.name());
      return new LossOptions(loss, positiveWeight, cap);
    }
  }

  /** Losses by name; see {@link Loss} for their formulas. */
  public enum LossName {
    /** The one that goes with the kind of the task. */
    AUTO,
    CROSS_ENTROPY,
    BINARY_CROSS_ENTROPY,
    MEAN_SQUARED,
    RELATIVE_L2,
    RMSE,
    NRMSE
  }

  /** How much samples count in the cross entropy. */
  public enum ClassWeights {
    /** All the same. */
    NONE,
    /** In inverse proportion to the size of their class in train, 1 on average. */
    BALANCED
  }

  static final Section SECTION =
      new Section("Target task") {
        @Override
        void check(Values values, Problems problems) {
          if (values.has(TRAIN_SAMPLES, RunConfig.PARTITIONS)
              && values.get(TRAIN_SAMPLES) > 0
              && values.get(RunConfig.PARTITIONS) > values.get(TRAIN_SAMPLES)) {
            problems.add(
                values.quote(RunConfig.PARTITIONS)
                    + ", more than the "
                    + values.get(TRAIN_SAMPLES)
                    + " of task.train-samples: use fewer partitions");
          }
          if (values.has(LOSS, LOSS_CAP)
              && values.get(LOSS_CAP) > 0
              && values.get(LOSS) != LossName.MEAN_SQUARED) {
            problems.add(
                values.quote(LOSS_CAP)
                    + " and task.loss is "
                    + values.render(LOSS)
                    + ": only mean-squared has a cap, leave it out or choose that loss");
          }
        }
      };

  static final Key<String> NAME =
      SECTION.add(
          Key.of(new ValueType.Name(false), "task.name", "Short name for files and reports")
              .withoutDefault());
  static final Key<String> DATA =
      SECTION.add(
          Key.of(
                  new ValueType.Location(false),
                  "task.data",
                  "Directory of the data set, as written by `mona convert`")
              .withoutDefault());
  static final Key<Integer> TRAIN_SAMPLES =
      SECTION.add(
          Key.atLeast(
              0,
              "task.train-samples",
              "Samples to train on, after the validation split; 0 for all"));
  static final Key<Double> TRAIN_FRACTION =
      SECTION.add(
          Key.part(
                  "task.train-fraction",
                  "Part of the samples to train on that is used, after `task.train-samples`; at"
                      + " least one of each class")
              .decisiveUnlessDefault());
  static final Key<Integer> TEST_SAMPLES =
      SECTION.add(
          Key.atLeast(
              0,
              "task.test-samples",
              "Samples of the test split to score, drawn at random but the same for every seed; 0"
                  + " for all, as a reported score needs"));
  static final Key<Double> VALIDATION_FRACTION =
      SECTION.add(
          Key.fraction(
              "task.validation-fraction",
              "Part of the train split held out to choose the best epoch; 0 to keep the last"
                  + " epoch"));
  static final Key<MetricKind> METRIC =
      SECTION.add(
          Key.choice(
              MetricKind.class,
              "task.metric",
              "Score that chooses the best epoch; each is an error, lower is better"));

  static final Key<LossName> LOSS =
      SECTION.add(
          Key.choice(
              LossName.class,
              "task.loss",
              "What is minimised; `auto` is `cross-entropy` for classes, `binary-cross-entropy` for"
                  + " labels and `relative-l2` for dense tasks, which may use each but"
                  + " `cross-entropy`"));

  static final Key<Double> POSITIVE_WEIGHT =
      SECTION.add(
          Key.positive(
              "task.positive-weight",
              "Weight of positive labels in the binary cross entropy; 1 otherwise"));

  static final Key<Double> LOSS_CAP =
      SECTION.add(
          Key.notNegative(
              "task.loss-cap",
              "Cap on labels in the loss `mean-squared`: larger labels count as the cap, labels of"
                  + " -1 are ignored; 0 for no cap"));

  static final Key<ClassWeights> CLASS_WEIGHTS =
      SECTION.add(
          Key.choice(
              ClassWeights.class,
              "task.class-weights",
              "Weight of a sample in the cross entropy: `none` for all the same, `balanced`"
                  + " for the inverse of its class's part of train, 1 on average"));

  static final Key<Augmentation> AUGMENTATION =
      SECTION.add(
          Key.choice(
              Augmentation.class,
              "task.augmentation",
              "What is done to training samples each time they are read: `transpose` exchanges rows"
                  + " and columns of every other square sample, by chance, and of its field in a"
                  + " dense task; `jitter` scales channels and adds noise, each by a tenth"));

  static TaskConfig from(Values values) {
    return new TaskConfig(
        values.get(NAME),
        new DataConfig(
            values.get(DATA),
            values.get(TRAIN_SAMPLES),
            values.get(TRAIN_FRACTION),
            values.get(TEST_SAMPLES),
            values.get(VALIDATION_FRACTION)),
        values.get(METRIC),
        new LossConfig(
            values.get(LOSS),
            values.get(POSITIVE_WEIGHT),
            values.get(LOSS_CAP),
            values.get(CLASS_WEIGHTS)),
        values.get(AUGMENTATION));
  }
}

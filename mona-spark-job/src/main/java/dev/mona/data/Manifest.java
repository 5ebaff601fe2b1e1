package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a converted data set is: the {@value #FILE} beside its Parquet files.
 *
 * @param name short name, used in file names
 * @param origin what was measured, by whom, under what terms
 * @param features their shape and how they were made
 * @param prediction what is predicted; the scale is that of the labels of a dense task over the
 *     train split; none for other tasks, for labels that are all -1, 0 or 1, and without a train
 *     split
 * @param splits their files, test at least; none where samples are in no file
 */
public record Manifest(
    String name,
    Origin origin,
    Features features,
    Prediction prediction,
    Map<Split, SplitFiles> splits) {

  /** Name of the manifest in the data set's directory. */
  public static final String FILE = "manifest.json";

  /** What a set may be called. */
  public static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

  static final int MAX_FEATURES = 1 << 24;
  public static final int MAX_OUTPUTS = 1 << 16;

  public Manifest {
    Map<Split, SplitFiles> copy = new EnumMap<>(Split.class);
    copy.putAll(splits);
    splits = Collections.unmodifiableMap(copy);
    if (!splits.isEmpty() && !splits.containsKey(Split.TEST)) {
      throw new IllegalArgumentException("a data set has a test split");
    }
    SampleShape shape = features.shape();
    if (shape.length() > MAX_FEATURES
        || (prediction.kind() == TaskKind.DENSE
            && (long) prediction.outputs() * shape.points() > MAX_FEATURES)) {
      throw new IllegalArgumentException("too many values: " + shape);
    }
    checkOutputs(prediction);
  }

  public SampleShape shape() {
    return features.shape();
  }

  public TaskKind kind() {
    return prediction.kind();
  }

  /** Number of classes or labels, or values at each point of a dense task. */
  public int outputs() {
    return prediction.outputs();
  }

  /** Refuses arrays with more values a sample than are supported. */
  public static void checkValues(String array, int channels, int height, int width) {
    long area = (long) channels * height;
    if (area > MAX_FEATURES || area * width > MAX_FEATURES) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s has samples of %d x %s%d values, at most %d are supported: shorten them",
              array,
              channels,
              height == 1 ? "" : height + " x ",
              width,
              MAX_FEATURES));
    }
  }

  /** Refuses numbers of outputs that no set has, and names that are not one for each. */
  public static void checkOutputs(Prediction prediction) {
    int outputs = prediction.outputs();
    List<String> classNames = prediction.classNames();
    if (outputs < minOutputs(prediction.kind())
        || outputs > MAX_OUTPUTS
        || !(classNames.isEmpty() || classNames.size() == outputs)) {
      throw new IllegalArgumentException("not the outputs of a task: " + outputs + classNames);
    }
  }

  /** One class is nothing to tell apart; one label is. */
  public static int minOutputs(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> 2;
      case MULTI_LABEL, DENSE -> 1;
    };
  }

  /** The files of a split, empty if the set has no such split. */
  public Optional<SplitFiles> split(Split split) {
    return Optional.ofNullable(splits.get(split));
  }

  /** The task the set poses, with the loss of its kind. */
  public TaskSpec taskSpec() {
    return taskSpec(LossOptions.of(kind()));
  }

  /**
   * The task the set poses. Logits of a binary loss have no unit and are not scaled.
   *
   * @throws MonaException if a task of this kind cannot have that loss
   */
  public TaskSpec taskSpec(LossOptions loss) {
    boolean unitless = loss.loss() == Loss.BINARY_CROSS_ENTROPY;
    return new TaskSpec(
        name, shape(), unitless ? prediction.with(TargetScale.none(outputs())) : prediction, loss);
  }
}

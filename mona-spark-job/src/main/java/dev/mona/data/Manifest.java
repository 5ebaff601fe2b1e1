package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
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
import org.jspecify.annotations.Nullable;

/**
 * What a converted data set is: the {@value #FILE} beside its Parquet files.
 *
 * @param name short name, used in file names
 * @param modality what was measured, for people
 * @param kind what is predicted
 * @param shape of a sample
 * @param outputs number of classes or labels, or values at each point of a dense task
 * @param classNames names of the outputs, empty when unknown
 * @param encoding how features were made
 * @param standardisation how features were scaled, null when they were not
 * @param scale of the labels of a dense task over the train split; none for other tasks, for labels
 *     that are all -1, 0 or 1, and without a train split
 * @param splits the files; test at least
 * @param source where the data come from
 * @param licence under what terms
 */
public record Manifest(
    String name,
    String modality,
    TaskKind kind,
    SampleShape shape,
    int outputs,
    List<String> classNames,
    Encoding encoding,
    @Nullable Standardisation standardisation,
    TargetScale scale,
    Map<Split, SplitFile> splits,
    String source,
    String licence) {

  /** Name of the manifest in the data set's directory. */
  public static final String FILE = "manifest.json";

  /** What a set may be called. */
  public static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

  static final int MAX_FEATURES = 1 << 24;
  public static final int MAX_OUTPUTS = 1 << 16;

  public Manifest {
    classNames = List.copyOf(classNames);
    splits = Collections.unmodifiableMap(new EnumMap<>(splits));
    if (!splits.containsKey(Split.TEST)) {
      throw new IllegalArgumentException("a data set has a test split");
    }
    if (shape.length() > MAX_FEATURES
        || (kind == TaskKind.DENSE && (long) outputs * shape.points() > MAX_FEATURES)) {
      throw new IllegalArgumentException("too many values: " + shape);
    }
    checkOutputs(kind, outputs, classNames);
    if (standardisation != null && standardisation.mean().size() != shape.channels()) {
      throw new IllegalArgumentException("one mean a channel is needed");
    }
    if (scale.mean().size() != outputs || !(kind == TaskKind.DENSE || scale.isNone())) {
      throw new IllegalArgumentException("only dense tasks have a scale, one entry an output");
    }
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

  public static void checkOutputs(TaskKind kind, int outputs, List<String> classNames) {
    if (outputs < minOutputs(kind)
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

  /** The file of a split, empty if the set has no such split. */
  public Optional<SplitFile> split(Split split) {
    return Optional.ofNullable(splits.get(split));
  }

  /** The task the set poses, with the loss of its kind. */
  public TaskSpec taskSpec() {
    return taskSpec(LossOptions.of(kind));
  }

  /**
   * The task the set poses. Logits of a binary loss have no unit and are not scaled.
   *
   * @throws MonaException if a task of this kind cannot have that loss
   */
  public TaskSpec taskSpec(LossOptions loss) {
    return new TaskSpec(
        name,
        kind,
        shape,
        outputs,
        loss,
        loss.loss() == Loss.BINARY_CROSS_ENTROPY ? TargetScale.none(outputs) : scale,
        classNames);
  }
}

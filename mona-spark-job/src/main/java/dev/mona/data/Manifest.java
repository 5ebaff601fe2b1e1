package dev.mona.data;

import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a converted data set is: the {@value #FILE} beside its Parquet files.
 *
 * @param name short name, used in file names
 * @param modality what was measured, for people
 * @param kind what is predicted
 * @param channels channels C of a sample {@code [C, L]}
 * @param length length L
 * @param outputs number of classes or labels
 * @param classNames names of the outputs, empty when unknown
 * @param encoding how features were made
 * @param standardisation how features were scaled, null when they were not
 * @param splits the files; train and test at least
 * @param source where the data come from
 * @param licence under what terms
 */
public record Manifest(
    String name,
    String modality,
    TaskKind kind,
    int channels,
    int length,
    int outputs,
    List<String> classNames,
    Encoding encoding,
    @Nullable Standardisation standardisation,
    Map<Split, SplitFile> splits,
    String source,
    String licence) {

  /** Name of the manifest in the data set's directory. */
  public static final String FILE = "manifest.json";

  static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";
  static final int MAX_FEATURES = 1 << 24;
  static final int MAX_OUTPUTS = 1 << 16;

  public Manifest {
    classNames = List.copyOf(classNames);
    splits = Collections.unmodifiableMap(new EnumMap<>(splits));
    if (!splits.containsKey(Split.TRAIN) || !splits.containsKey(Split.TEST)) {
      throw new IllegalArgumentException("a data set has a train and a test split");
    }
    if (channels < 1 || length < 1 || (long) channels * length > MAX_FEATURES) {
      throw new IllegalArgumentException("not a sample shape: " + channels + " x " + length);
    }
    if (outputs < minOutputs(kind)
        || outputs > MAX_OUTPUTS
        || !(classNames.isEmpty() || classNames.size() == outputs)) {
      throw new IllegalArgumentException("not the outputs of a task: " + outputs + classNames);
    }
    if (standardisation != null && standardisation.mean().size() != channels) {
      throw new IllegalArgumentException("one mean a channel is needed");
    }
  }

  /** One class is nothing to tell apart; one label is. */
  static int minOutputs(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> 2;
      case MULTI_LABEL, DENSE -> 1;
    };
  }

  /** The file of a split, empty if the set has no such split. */
  public Optional<SplitFile> split(Split split) {
    return Optional.ofNullable(splits.get(split));
  }

  /** The task the set poses. */
  public TaskSpec taskSpec(double positiveWeight) {
    return new TaskSpec(
        name,
        kind,
        SampleShape.series(channels, length),
        outputs,
        new LossOptions(Loss.of(kind), positiveWeight, 0),
        TargetScale.none(outputs),
        classNames);
  }
}

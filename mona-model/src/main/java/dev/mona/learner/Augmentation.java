package dev.mona.learner;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.random.SplitMix64;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Locale;
import java.util.Random;

/**
 * What may be done to a training sample each time it is read, without changing what it says. Pure
 * in seed, stage, epoch and sample id, so it does not depend on partitions.
 */
public enum Augmentation {
  /** Samples are read as they are. */
  NONE,
  /**
   * Every other sample, by chance, has rows and columns exchanged, together with its labels in a
   * dense task: for square images and fields of problems that are the same along both axes.
   */
  TRANSPOSE,
  /**
   * Each channel is multiplied by {@code 1 + 0.1 z}, and its values get noise of a tenth of its own
   * deviation within the sample, with z of the standard normal law (scaling and jittering of Um et
   * al., ICMI 2017): for measured series whose labels do not hang on a little noise.
   */
  JITTER;

  private static final long PURPOSE = 5;
  private static final double STRENGTH = 0.1;

  /**
   * Refuses a task whose samples it does not fit.
   *
   * @throws MonaException of the category {@code CONFIGURATION}
   */
  public void require(TaskSpec task) {
    SampleShape shape = task.shape();
    if (this == TRANSPOSE && shape.height() != shape.width()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "the augmentation transpose needs square samples, those of %s are %d x %d: leave it out",
              task.name(),
              shape.height(),
              shape.width()),
          Setting.AUGMENTATION);
    }
    if (this == JITTER && task.kind() == TaskKind.DENSE) {
      throw MonaException.configuration(
          "the augmentation jitter changes samples and not their fields, and %s is dense: leave it out"
              .formatted(task.name()),
          Setting.AUGMENTATION);
    }
  }

  /** Changes a batch in place; its arrays belong to the caller. */
  void apply(SampleBlock batch, TaskSpec task, long seed, Stage stage, int epoch) {
    if (this == NONE) {
      return;
    }
    long prefix = SplitMix64.hash(seed, PURPOSE, SampleOrder.number(stage), epoch);
    for (int i = 0; i < batch.size(); i++) {
      long draw = SplitMix64.then(prefix, batch.ids()[i]);
      if (this == JITTER) {
        jitter(batch, i, task, new Random(draw));
      } else if (draw < 0) {
        transpose(batch, i, task);
      }
    }
  }

  private static void transpose(SampleBlock batch, int i, TaskSpec task) {
    int side = task.shape().height();
    transpose(batch.features(), i * task.featureLength(), task.featureLength(), side);
    if (task.kind() == TaskKind.DENSE) {
      transpose(batch.labels(), i * task.labelLength(), task.labelLength(), side);
    }
  }

  private static void jitter(SampleBlock batch, int i, TaskSpec task, Random random) {
    int length = task.featureLength() / task.shape().channels();
    for (int c = 0; c < task.shape().channels(); c++) {
      jitter(batch.features(), i * task.featureLength() + c * length, length, random);
    }
  }

  private static void jitter(float[] values, int from, int length, Random random) {
    double sum = 0;
    double squares = 0;
    for (int i = from; i < from + length; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    double mean = sum / length;
    double noise = STRENGTH * Math.sqrt(Math.max(0, squares / length - mean * mean));
    double scale = 1 + STRENGTH * random.nextGaussian();
    for (int i = from; i < from + length; i++) {
      values[i] = (float) (scale * values[i] + noise * random.nextGaussian());
    }
  }

  /** Square planes, one after the other. */
  private static void transpose(float[] values, int from, int length, int side) {
    for (int plane = from; plane < from + length; plane += side * side) {
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < row; column++) {
          int below = plane + row * side + column;
          int above = plane + column * side + row;
          float value = values[below];
          values[below] = values[above];
          values[above] = value;
        }
      }
    }
  }
}

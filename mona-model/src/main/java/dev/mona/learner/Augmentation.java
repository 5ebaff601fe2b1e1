package dev.mona.learner;

import dev.mona.MonaException;
import dev.mona.random.SplitMix64;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;

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
  TRANSPOSE;

  private static final long PURPOSE = 5;

  /**
   * Refuses a task whose samples it does not fit.
   *
   * @throws MonaException of the category {@code CONFIGURATION}
   */
  public void require(TaskSpec task) {
    SampleShape shape = task.shape();
    if (this == TRANSPOSE && shape.height() != shape.width()) {
      throw MonaException.configuration(
          "task.augmentation = transpose needs square samples, those of %s are %d x %d: leave it out"
              .formatted(task.name(), shape.height(), shape.width()));
    }
  }

  /** Changes a batch in place; its arrays belong to the caller. */
  void apply(SampleBlock batch, TaskSpec task, long seed, Stage stage, int epoch) {
    if (this == NONE) {
      return;
    }
    int side = task.shape().height();
    long prefix = SplitMix64.hash(seed, PURPOSE, SampleOrder.number(stage), epoch);
    for (int i = 0; i < batch.size(); i++) {
      if (SplitMix64.then(prefix, batch.ids()[i]) < 0) {
        transpose(batch.features(), i * task.featureLength(), task.featureLength(), side);
        if (task.kind() == TaskKind.DENSE) {
          transpose(batch.labels(), i * task.labelLength(), task.labelLength(), side);
        }
      }
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

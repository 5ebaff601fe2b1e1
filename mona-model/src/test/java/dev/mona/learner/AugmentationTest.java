package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final long SEED = 3;
  private static final TaskSpec FIELDS =
      TaskSpec.of("fields", TaskKind.DENSE, new SampleShape(2, 2, 2), 1);

  /** Planes 1 2 / 3 4 and 5 6 / 7 8, labels 9 10 / 11 12. */
  private static SampleBlock samples(int n) {
    long[] ids = new long[n];
    float[] features = new float[8 * n];
    float[] labels = new float[4 * n];
    for (int i = 0; i < n; i++) {
      ids[i] = i;
      for (int k = 0; k < 8; k++) {
        features[8 * i + k] = k + 1;
      }
      for (int k = 0; k < 4; k++) {
        labels[4 * i + k] = k + 9;
      }
    }
    return new SampleBlock(ids, features, labels);
  }

  private static boolean[] turned(SampleBlock block) {
    boolean[] turned = new boolean[block.size()];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = block.features()[8 * i + 1] == 3;
    }
    return turned;
  }

  @Test
  void exchangesRowsAndColumnsOfEveryPlaneAndOfTheLabels() {
    SampleBlock block = samples(64);
    Augmentation.TRANSPOSE.apply(block, FIELDS, SEED, Stage.FINETUNING, 1);
    boolean[] turned = turned(block);
    int count = 0;
    for (int i = 0; i < turned.length; i++) {
      float[] x = Arrays.copyOfRange(block.features(), 8 * i, 8 * i + 8);
      float[] y = Arrays.copyOfRange(block.labels(), 4 * i, 4 * i + 4);
      if (turned[i]) {
        assertThat(x).containsExactly(1, 3, 2, 4, 5, 7, 6, 8);
        assertThat(y).containsExactly(9, 11, 10, 12);
        count++;
      } else {
        assertThat(x).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(y).containsExactly(9, 10, 11, 12);
      }
    }
    // 5 deviations of a fair coin
    assertThat(count).isBetween(12, 52);
  }

  @Test
  void chanceDependsOnEpochAndSampleAlone() {
    SampleBlock all = samples(64);
    SampleBlock again = samples(64);
    SampleBlock later = samples(64);
    SampleBlock part = samples(64).select(new int[] {40, 7});
    Augmentation.TRANSPOSE.apply(all, FIELDS, SEED, Stage.FINETUNING, 1);
    Augmentation.TRANSPOSE.apply(again, FIELDS, SEED, Stage.FINETUNING, 1);
    Augmentation.TRANSPOSE.apply(later, FIELDS, SEED, Stage.FINETUNING, 2);
    Augmentation.TRANSPOSE.apply(part, FIELDS, SEED, Stage.FINETUNING, 1);
    assertThat(turned(again)).isEqualTo(turned(all));
    assertThat(turned(later)).isNotEqualTo(turned(all));
    assertThat(turned(part)).containsExactly(turned(all)[40], turned(all)[7]);
  }

  @Test
  void labelsOfClassesStay() {
    TaskSpec classes =
        TaskSpec.of("classes", TaskKind.CLASSIFICATION, new SampleShape(1, 2, 2), 16);
    SampleBlock block = new SampleBlock(new long[64], new float[4 * 64], new float[64]);
    Arrays.fill(block.labels(), 11);
    Augmentation.TRANSPOSE.apply(block, classes, SEED, Stage.WARMUP, 1);
    assertThat(block.labels()).containsOnly(11);
  }

  @Test
  void refusesSamplesThatAreNotSquare() {
    TaskSpec emg = TaskSpec.of("emg", TaskKind.CLASSIFICATION, new SampleShape(1, 8, 52), 8);
    assertThatThrownBy(() -> Augmentation.TRANSPOSE.require(emg))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "task.augmentation = transpose needs square samples, those of emg are 8 x 52: leave it out");
    assertThatCode(() -> Augmentation.NONE.require(emg)).doesNotThrowAnyException();
  }
}

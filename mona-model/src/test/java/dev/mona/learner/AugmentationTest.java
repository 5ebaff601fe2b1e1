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

  private static final int POINTS = 5000;
  private static final TaskSpec SERIES =
      TaskSpec.of("series", TaskKind.CLASSIFICATION, SampleShape.series(2, POINTS), 3);

  /** Two channels: 7 + 2 sin and 0.3 sin. */
  private static SampleBlock waves(int n) {
    float[] features = new float[n * 2 * POINTS];
    long[] ids = new long[n];
    for (int i = 0; i < n; i++) {
      ids[i] = 5L * i;
      for (int t = 0; t < POINTS; t++) {
        double wave = Math.sin(2 * Math.PI * t / 50);
        features[i * 2 * POINTS + t] = (float) (7 + 2 * wave);
        features[(i * 2 + 1) * POINTS + t] = (float) (0.3 * wave);
      }
    }
    return new SampleBlock(ids, features, new float[n]);
  }

  /** Scale and noise by least squares: of the mean in channel 0, of the wave in channel 1. */
  @Test
  void jitterScalesChannelsAndAddsNoiseOfATenth() {
    int n = 60;
    SampleBlock before = waves(n);
    SampleBlock after = waves(n);
    Augmentation.JITTER.apply(after, SERIES, SEED, Stage.FINETUNING, 2);
    double squares = 0;
    double[] last = new double[2];
    for (int channel = 0; channel < 2 * n; channel++) {
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (int t = channel * POINTS; t < (channel + 1) * POINTS; t++) {
        xx += before.features()[t] * (double) before.features()[t];
        xy += before.features()[t] * (double) after.features()[t];
        yy += after.features()[t] * (double) after.features()[t];
      }
      double scale = xy / xx;
      double noise = Math.sqrt((yy - scale * xy) / POINTS);
      double deviation = (channel % 2 == 0 ? 2 : 0.3) / Math.sqrt(2);
      // 4 deviations of the estimate
      double bound = 4 / Math.sqrt(2.0 * POINTS);
      assertThat(noise / (0.1 * deviation)).isBetween(1 - bound, 1 + bound);
      squares += (scale - 1) * (scale - 1);
      assertThat(scale).isNotEqualTo(last[channel % 2]);
      last[channel % 2] = scale;
    }
    double spread = Math.sqrt(squares / (2 * n));
    assertThat(spread)
        .isBetween(0.1 * (1 - 4 / Math.sqrt(4.0 * n)), 0.1 * (1 + 4 / Math.sqrt(4.0 * n)));
    assertThat(after.labels()).containsOnly(0);
  }

  @Test
  void jitterDependsOnEpochAndSampleAlone() {
    SampleBlock all = waves(3);
    SampleBlock part = waves(3).select(new int[] {2});
    SampleBlock later = waves(3).select(new int[] {2});
    Augmentation.JITTER.apply(all, SERIES, SEED, Stage.FINETUNING, 1);
    Augmentation.JITTER.apply(part, SERIES, SEED, Stage.FINETUNING, 1);
    Augmentation.JITTER.apply(later, SERIES, SEED, Stage.FINETUNING, 2);
    assertThat(part.features())
        .containsExactly(Arrays.copyOfRange(all.features(), 4 * POINTS, 6 * POINTS))
        .isNotEqualTo(later.features());
  }

  @Test
  void refusesNoiseOnFieldsWhoseLabelsHangOnThem() {
    assertThatThrownBy(() -> Augmentation.JITTER.require(FIELDS))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "the augmentation jitter changes samples and not their fields, and fields is dense: leave it out");
    assertThatCode(() -> Augmentation.JITTER.require(SERIES)).doesNotThrowAnyException();
  }

  @Test
  void refusesSamplesThatAreNotSquare() {
    TaskSpec emg = TaskSpec.of("emg", TaskKind.CLASSIFICATION, new SampleShape(1, 8, 52), 8);
    assertThatThrownBy(() -> Augmentation.TRANSPOSE.require(emg))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "the augmentation transpose needs square samples, those of emg are 8 x 52: leave it out");
    assertThatCode(() -> Augmentation.NONE.require(emg)).doesNotThrowAnyException();
  }
}

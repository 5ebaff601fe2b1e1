package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.task.TaskKind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfusionTest {
  private static final float NAN = Float.NaN;

  @Test
  void classesAreCountedByWhatTheyWereTakenFor() {
    Confusion confusion = new Confusion(TaskKind.CLASSIFICATION, 3);
    ConfusionCounts a = confusion.start();
    a.add(new float[] {1, 0, 0, 0, 2, 1, 0, 0, 5}, new float[] {0, 0, 2}, 3);
    ConfusionCounts b = confusion.start();
    b.add(new float[] {0, 1, 0, NAN, 1, 0}, new float[] {1, 1}, 2);
    a.merge(b);
    assertThat(a.rows()).isEqualTo(new long[][] {{1, 1, 0, 0}, {0, 1, 0, 1}, {0, 0, 1, 0}});
    assertThat(a.value()).isEqualTo(2.0 / 5);
  }

  @Test
  void labelsAreCountedByWhetherTheyWereFound() {
    ConfusionCounts counts = new Confusion(TaskKind.MULTI_LABEL, 2).start();
    counts.add(new float[] {1, -1, -1, 1, NAN, NAN, 3, 0}, new float[] {1, 0, 1, 0, 1, 0, 0, 1}, 4);
    assertThat(counts.rows()).isEqualTo(new long[][] {{1, 2, 1, 0}, {0, 1, 2, 1}});
    assertThat(counts.value()).isEqualTo(6.0 / 8);
  }

  @ParameterizedTest
  @CsvSource({"CLASSIFICATION, 200, 5, 1", "MULTI_LABEL, 97, 7, 7"})
  void itsValueIsTheErrorRateAndBesideAnotherTheOthersIsAsItWas(
      TaskKind kind, int n, int outputs, int labelLength) {
    Random random = new Random(5);
    float[] logits = new float[n * outputs];
    float[] labels = new float[n * labelLength];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(40) == 0 ? NAN : (float) random.nextGaussian();
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(kind == TaskKind.CLASSIFICATION ? outputs : 2);
    }
    Metric f1 = new MacroF1(kind, outputs);
    Confusion confusion = new Confusion(kind, outputs);
    Beside.Both both = new Beside(f1, confusion).start();
    both.add(logits, labels, n);
    Beside.Both none = new Beside(f1, confusion).start();
    none.merge(both);
    Accumulator rate = new ErrorRate(kind, outputs).start();
    rate.add(logits, labels, n);
    Accumulator alone = f1.start();
    alone.add(logits, labels, n);
    assertThat(none.second().value()).isEqualTo(rate.value());
    assertThat(none.value()).isEqualTo(alone.value());
    assertThat(new Beside(f1, confusion).id()).isEqualTo(f1.id());
  }

  @Test
  void whatIsOfAnotherKindIsRefused() {
    ConfusionCounts two = new Confusion(TaskKind.CLASSIFICATION, 2).start();
    ConfusionCounts three = new Confusion(TaskKind.CLASSIFICATION, 3).start();
    assertThatThrownBy(() -> two.merge(three)).hasMessageContaining("another metric");
    assertThatThrownBy(() -> new Confusion(TaskKind.DENSE, 2)).hasMessageContaining("a field");
  }
}

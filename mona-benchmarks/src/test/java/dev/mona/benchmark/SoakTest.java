package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Memory and results do not drift over many steps. */
class SoakTest {
  private static final int WARM_UP = 400;
  private static final int STEPS = 1000;

  @Test
  void memoryStaysFlatOverAThousandSteps() {
    Shape shape = new Shape(2, 32, 2, 64, 4, 10, 4, 3, 3, 4, 2, 8, 2);
    StepKind[] kinds = StepKind.values();
    double[] first = new double[kinds.length];
    try (MonaSteps steps = new MonaSteps(shape)) {
      for (int i = 0; i < WARM_UP; i++) {
        first[i % kinds.length] = steps.run(kinds[i % kinds.length]);
      }
      long before = resident();
      double[] last = new double[kinds.length];
      for (int i = 0; i < STEPS; i++) {
        last[i % kinds.length] = steps.run(kinds[i % kinds.length]);
      }
      assertThat((double) resident()).isCloseTo((double) before, Percentage.withPercentage(10));
      assertThat(last).containsExactly(first, within(0.0));
    }
  }

  private static long resident() {
    System.gc();
    return Pointer.physicalBytes();
  }
}

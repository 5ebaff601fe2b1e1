package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory and results do not drift over many steps. */
class SoakTest {
  private static final int WARM_UP = 400;
  private static final int STEPS = 1000;
  private static final int SAMPLE_EVERY = 100;

  /** Encoders of images are too large for a thousand steps; {@link WarmStepTest} has them. */
  private final StepKind[] kinds =
      EnumSet.complementOf(EnumSet.of(StepKind.SWIN, StepKind.HIERA)).toArray(new StepKind[0]);

  private final double[] last = new double[kinds.length];
  private final Problem problem =
      Problem.of(
          new Shape(
              new Shape.Encoder(2, 32, 2, 64),
              new Shape.Target(4, 10, 4, 3, 3),
              new Shape.Source(4, 2, 8),
              new Shape.Images(32, 1, 56, 1, 16),
              2));

  static Stream<Engine> engines() {
    return Engines.all().stream();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void memoryStaysFlatOverAThousandSteps(Engine engine) {
    try (MonaSteps steps = new MonaSteps(problem, engine.open(DeviceSpec.of(ElementType.FLOAT)))) {
      run(steps, WARM_UP);
      double[] first = last.clone();
      double before = run(steps, STEPS / 2);
      double after = run(steps, STEPS / 2);
      assertThat(after).isCloseTo(before, Percentage.withPercentage(10));
      assertThat(last).containsExactly(first, within(0.0));
    }
  }

  /** Runs steps of all kinds in turn; returns the mean resident memory meanwhile. */
  private double run(MonaSteps steps, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      last[i % kinds.length] = steps.run(kinds[i % kinds.length]);
      if (i % SAMPLE_EVERY == 0) {
        // native memory of small arrays is freed after their Java objects
        System.gc();
        sum += Pointer.physicalBytes();
      }
    }
    return sum * SAMPLE_EVERY / count;
  }
}

package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** A step that has run before allocates no array of the size of an activation. */
class WarmStepTest {
  private static final int COLD = 3;
  private static final int WARM = 5;
  private static final long UNLIMITED = 0;

  private static Shape shape(int batch) {
    return new Shape(
        new Shape.Encoder(2, 96, 4, 192),
        new Shape.Target(batch, 20, 4, 3, 3),
        new Shape.Source(4, 4, 20),
        new Shape.Images(32, batch / 4, 56, batch, 16),
        2);
  }

  private static long activationBytes(StepKind kind, Shape shape) {
    Shape.Images images = shape.images();
    int values =
        switch (kind) {
          case SWIN -> images.swinBatch() * images.swinSide() * images.swinSide();
          case HIERA -> images.hieraBatch() * images.hieraSide() * images.hieraSide();
          default -> shape.target().batch() * shape.target().tokens();
        };
    return 4L * values * (kind.sameWeights() ? images.stageWidth() : shape.encoder().width());
  }

  @ParameterizedTest
  @EnumSource(StepKind.class)
  void takesNoNativeArray(StepKind kind) {
    Shape shape = shape(16);
    Environment environment = Nd4j.getEnvironment();
    try (MonaSteps steps = new MonaSteps(shape)) {
      for (int i = 0; i < COLD; i++) {
        steps.run(kind);
      }
      // beyond the limit ND4J refuses, even where the array would be freed at once
      long limit = environment.getDeviceCouner(0) + activationBytes(kind, shape) / 2;
      environment.setDeviceLimit(0, limit);
      for (int i = 0; i < WARM; i++) {
        steps.run(kind);
      }
    } finally {
      environment.setDeviceLimit(0, UNLIMITED);
    }
  }

  @ParameterizedTest
  @EnumSource(StepKind.class)
  void takesNoHeapArray(StepKind kind) {
    Shape small = shape(4);
    Shape large = shape(16);
    long growth = heapBytes(kind, large) - heapBytes(kind, small);
    assertThat(growth).isLessThan(activationBytes(kind, large) - activationBytes(kind, small));
  }

  private static long heapBytes(StepKind kind, Shape shape) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    try (MonaSteps steps = new MonaSteps(shape)) {
      for (int i = 0; i < COLD + WARM; i++) {
        long before = threads.getThreadAllocatedBytes(id);
        steps.run(kind);
        least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
      }
    }
    return least;
  }
}

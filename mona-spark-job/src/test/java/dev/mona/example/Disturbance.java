package dev.mona.example;

import dev.mona.learner.RoundWork;
import java.io.Serializable;
import java.util.Random;
import org.apache.spark.TaskContext;

/** Something that happens on a worker before its local steps and must not change the result. */
@FunctionalInterface
public interface Disturbance extends Serializable {
  Disturbance NONE = work -> {};

  void before(RoundWork work);

  /** Sleeps up to {@code millis}, differently for every partition and round. */
  static Disturbance sleeping(int millis, long seed) {
    return work -> {
      Random random = new Random(seed * 31 + work.partition() * 7919L + work.steps().first() * 17L);
      pause(random.nextInt(millis));
    };
  }

  /** Fails the first attempt of one partition in the rounds that begin at an epoch's start. */
  static Disturbance failingOnce(int partition) {
    return work -> {
      if (work.partition() == partition
          && work.steps().first() == 0
          && TaskContext.get().attemptNumber() == 0) {
        throw new IllegalStateException("this attempt was made to fail");
      }
    };
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

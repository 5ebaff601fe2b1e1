package dev.mona.stopping;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class CancellationTest {

  @Test
  void aCancelledJobIsFoundBelowOtherFailures() {
    Exception failure =
        new IllegalStateException(
            "Spark job failed",
            new SparkException("Job 7 cancelled because Stage 9 was cancelled\nmore"));
    assertThatThrownBy(() -> Cancellation.check(failure, "hdfs://host/runs/a"))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "hdfs://host/runs/a was cancelled (Job 7 cancelled because Stage 9 was cancelled):"
                + " train --resume hdfs://host/runs/a continues it")
        .hasCause(failure);
  }

  /** The end of a local run whose task needed more heap. */
  @Test
  void aSparkThatIsGoneMayHaveLackedMemory() {
    Exception failure = new SparkException("Job 14 cancelled because SparkContext was shut down");
    assertThatThrownBy(() -> Cancellation.check(failure, "runs/a"))
        .hasMessage(
            "runs/a was cancelled (Job 14 cancelled because SparkContext was shut down):"
                + " if nobody stopped it, look for OutOfMemoryError in the log and give it a larger"
                + " heap; train --resume runs/a continues it");
  }

  @Test
  void otherFailuresAreLeftAlone() {
    assertThatCode(
            () -> {
              Cancellation.check(new SparkException("Job aborted due to stage failure"), "a");
              Cancellation.check(new IllegalStateException("Job 7 cancelled"), "a");
            })
        .doesNotThrowAnyException();
  }
}

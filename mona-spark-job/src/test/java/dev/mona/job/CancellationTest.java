package dev.mona.job;

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

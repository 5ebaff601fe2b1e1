package dev.mona.benchmark.scaling;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what Spark says that its tasks wrote, fetched and sent to the driver. */
final class TaskBytes extends SparkListener {
  final AtomicLong shuffleWritten = new AtomicLong();
  final AtomicLong shuffleFetched = new AtomicLong();
  final AtomicLong results = new AtomicLong();

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    shuffleWritten.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
    shuffleFetched.addAndGet(metrics.shuffleReadMetrics().remoteBytesRead());
    results.addAndGet(metrics.resultSize());
  }

  void reset() {
    shuffleWritten.set(0);
    shuffleFetched.set(0);
    results.set(0);
  }
}

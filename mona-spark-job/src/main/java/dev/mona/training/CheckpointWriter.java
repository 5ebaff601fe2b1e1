package dev.mona.training;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes one checkpoint at a time beside the training. What is to be written must not change any
 * more. A failure surfaces at the next {@link #write} or {@link #join}.
 */
final class CheckpointWriter implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "mona-checkpoint");
            made.setDaemon(true);
            return made;
          });
  private Future<?> last = CompletableFuture.completedFuture(null);

  /** Whether nothing is being written. */
  boolean isIdle() {
    return last.isDone();
  }

  /** Starts to write, after what is being written. */
  void write(Runnable checkpoint) {
    join();
    last = thread.submit(checkpoint);
  }

  /** Waits until all is written. */
  void join() {
    Future<?> waited = last;
    try {
      waited.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while a checkpoint was written");
    } catch (ExecutionException e) {
      // told once; the thread is free for the next
      last = CompletableFuture.completedFuture(null);
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a checkpoint was not written", e.getCause());
    }
  }

  /** Waits until all is written and ends the thread. */
  @Override
  public void close() {
    thread.shutdown();
    join();
  }
}

package dev.mona.spark;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work that a driver does alongside other work, on a thread of its own. Spark jobs of that thread
 * are in the job group of the one that began it. Closing waits for its end, so that no work
 * outlives the block that began it.
 *
 * @param <T> what it comes to
 */
public final class Alongside<T> implements AutoCloseable {
  private final String what;
  private final FutureTask<T> work;
  private boolean told;

  private Alongside(String what, FutureTask<T> work) {
    this.what = what;
    this.work = work;
  }

  /**
   * Begins to work.
   *
   * @param what names the thread
   */
  public static <T> Alongside<T> begin(String what, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "mona-" + what.replace(' ', '-'));
    thread.setDaemon(true);
    thread.start();
    return new Alongside<>(what, task);
  }

  /** Waits for what it comes to; a failure of the work is thrown as it is. */
  public T join() {
    told = true;
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted in " + what);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(what + " failed", e.getCause());
    }
  }

  /** Waits for the end, and throws the failure of work that nobody has asked for. */
  @Override
  public void close() {
    if (!told) {
      T unused = join();
    }
  }
}

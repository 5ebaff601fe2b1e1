package dev.mona.compute.nd4j;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs the blocks of a host kernel on as many threads as ND4J's own kernels use, the caller among
 * them. Blocks must write to disjoint places: then the result does not depend on the number of
 * threads, nor on who runs which block.
 */
final class HostThreads {
  private static final int SPINS = 1000;

  /** Elements of a block of rows, about. */
  private static final int BLOCK = 1 << 14;

  /** Shared by all callers; one that is late finds no block left. */
  static final ThreadPoolExecutor HELPERS =
      (ThreadPoolExecutor)
          Executors.newFixedThreadPool(
              Runtime.getRuntime().availableProcessors(),
              task -> {
                Thread thread = new Thread(task, "mona-host-kernel");
                thread.setDaemon(true);
                return thread;
              });

  private final int blocks;
  private final Supplier<IntConsumer> bodies;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch open;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private HostThreads(int blocks, Supplier<IntConsumer> bodies) {
    this.blocks = blocks;
    this.bodies = bodies;
    this.open = new CountDownLatch(blocks);
  }

  /**
   * Runs blocks {@code 0 .. blocks - 1}, each once, and returns when all are done.
   *
   * @param bodies asked once by each thread that takes part for what it does with a block, so that
   *     memory for a block can be kept for the next
   */
  static void run(int blocks, Supplier<IntConsumer> bodies) {
    int threads = Math.min(blocks, Nd4j.getEnvironment().maxThreads());
    HostThreads work = new HostThreads(blocks, bodies);
    for (int i = 1; i < threads; i++) {
      HELPERS.execute(work::takeBlocks);
    }
    work.takeBlocks();
    work.await();
  }

  /**
   * Runs rows {@code 0 .. rows - 1} in blocks that depend on the shape alone.
   *
   * @param width elements of a row
   * @param bodies as in {@link #run}, for one row
   */
  static void runRows(int rows, int width, Supplier<IntConsumer> bodies) {
    int each = Math.max(1, BLOCK / width);
    run(
        (rows + each - 1) / each,
        () -> {
          IntConsumer body = bodies.get();
          return block -> {
            int end = Math.min(rows, (block + 1) * each);
            for (int row = block * each; row < end; row++) {
              body.accept(row);
            }
          };
        });
  }

  private void takeBlocks() {
    IntConsumer body = null;
    for (int block = next.getAndIncrement(); block < blocks; block = next.getAndIncrement()) {
      try {
        if (body == null) {
          body = bodies.get();
        }
        body.accept(block);
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      } finally {
        open.countDown();
      }
    }
  }

  /** At most one block per helper is under way, which is often shorter than going to sleep. */
  private void await() {
    for (int i = 0; i < SPINS && open.getCount() > 0; i++) {
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    while (open.getCount() > 0) {
      try {
        open.await();
      } catch (InterruptedException e) {
        // the arrays are in use until the last block is done
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("a block of a host kernel failed", cause);
    }
  }
}

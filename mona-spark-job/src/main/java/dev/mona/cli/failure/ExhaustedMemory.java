package dev.mona.cli.failure;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process in which any thread has run out of memory. Spark's threads that fetch results are
 * not missed when that happens to them: the driver would wait for ever.
 */
public final class ExhaustedMemory implements Thread.UncaughtExceptionHandler {
  /** Made beforehand, since there may be no memory for it later. */
  private static final byte[] SENTENCE =
      ("mona: " + ForeignFailure.NO_MEMORY + "\n").getBytes(StandardCharsets.UTF_8);

  private final Thread.@Nullable UncaughtExceptionHandler others;

  private ExhaustedMemory(Thread.@Nullable UncaughtExceptionHandler others) {
    this.others = others;
  }

  /** Watches every thread that has no handler of its own. */
  public static void watch() {
    Thread.setDefaultUncaughtExceptionHandler(
        new ExhaustedMemory(Thread.getDefaultUncaughtExceptionHandler()));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      try {
        System.err.write(SENTENCE, 0, SENTENCE.length);
        System.err.flush();
      } finally {
        // hooks need memory, too
        Runtime.getRuntime().halt(ExitCode.ENVIRONMENT.code());
      }
    } else if (others != null) {
      others.uncaughtException(thread, failure);
    } else {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      failure.printStackTrace();
    }
  }
}

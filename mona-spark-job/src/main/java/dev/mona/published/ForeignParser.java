package dev.mona.published;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a library's parser over a file from outside. Such a parser follows lengths, counts and
 * addresses that the file gives; a damaged file leads it into any exception, an endless recursion
 * or loop, or an array larger than the heap. Here all of that becomes a {@link MonaException}: the
 * parser runs in a thread of its own, whose stack is bounded and which is given up after a time
 * that grows with the file.
 */
final class ForeignParser {
  private static final long STACK_BYTES = 1 << 20;
  private static final long LEAST_SECONDS = 20;

  /** A disk that reads slower than this per second is taken for an endless loop. */
  private static final long SLOWEST_BYTES = 1 << 20;

  private ForeignParser() {}

  /**
   * Runs a parser.
   *
   * @param file name of the file for messages
   * @param form what it should be: "an HDF5 file"
   * @param length its bytes
   * @param parser reads; called once, in another thread
   * @throws MonaException the parser's own, or one of the category {@code DATA} in the place of
   *     anything else that it throws
   */
  static <T> T run(String file, String form, long length, Callable<T> parser) {
    return run(file, form, LEAST_SECONDS + length / SLOWEST_BYTES, TimeUnit.SECONDS, parser);
  }

  /** As {@link #run(String, String, long, Callable)}, given up after so long. */
  static <T> T run(String file, String form, long time, TimeUnit unit, Callable<T> parser) {
    FutureTask<T> task = new FutureTask<>(parser);
    Thread thread = new Thread(null, task, "mona-parser", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(time, unit);
    } catch (ExecutionException e) {
      throw refused(file, form, Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new MonaException(
          MonaException.Category.DATA,
          String.format(
              Locale.ROOT,
              "%s is not read as %s within %d seconds, it may lead in a circle: fetch it again",
              file,
              form,
              unit.toSeconds(time)),
          e);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new MonaException(
          MonaException.Category.DATA, "reading %s was interrupted".formatted(file), e);
    }
  }

  private static MonaException refused(String file, String form, Throwable thrown) {
    // parsers wrap what their callbacks throw
    Throwable cause =
        Causes.of(thrown).stream()
            .filter(at -> at instanceof MonaException || at instanceof VirtualMachineError)
            .findFirst()
            .orElse(Causes.innermost(thrown));
    if (cause instanceof MonaException own) {
      return own;
    }
    if (cause instanceof OutOfMemoryError) {
      return new MonaException(
          MonaException.Category.DATA,
          "%s asks for more memory than this process has to be read as %s: raise MONA_HEAP if it is whole, or fetch it again"
              .formatted(file, form),
          thrown);
    }
    String what =
        cause instanceof StackOverflowError
            ? "it nests too deeply"
            : Quoted.of(cause.getClass().getSimpleName() + ": " + cause.getMessage());
    return new MonaException(
        MonaException.Category.DATA,
        "%s cannot be read as %s (%s): fetch it again".formatted(file, form, what),
        thrown);
  }
}

package dev.mona.gauges;

import java.io.Closeable;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;

/**
 * Questions of tasks that the driver answers while a job runs. Spark makes a plugin by the name of
 * its class and a job makes its own objects, so the two meet here, as in {@link JvmMetrics}.
 */
public final class DriverLine {
  private static final Map<String, UnaryOperator<Serializable>> ANSWERS = new ConcurrentHashMap<>();
  private static volatile @Nullable PluginContext plugin;

  private DriverLine() {}

  /** A question on its way. */
  record Question(String line, Serializable content) implements Serializable {}

  /**
   * Answers questions on the driver until it is closed.
   *
   * @param line name under which tasks ask
   * @param answers is called on Spark's thread, one question at a time, and may wait for less than
   *     {@code spark.rpc.askTimeout}
   */
  public static Closeable open(String line, UnaryOperator<Serializable> answers) {
    if (ANSWERS.putIfAbsent(line, answers) != null) {
      throw new IllegalStateException("the line " + line + " is open already");
    }
    return () -> ANSWERS.remove(line, answers);
  }

  /**
   * Asks the driver, in a task.
   *
   * @throws CancellationException if nobody answers there any more
   * @throws IllegalStateException without the plugin, or where the driver is not reached
   */
  public static Serializable ask(String line, Serializable content) {
    PluginContext context = plugin;
    if (context == null) {
      throw new IllegalStateException(
          "spark.plugins does not have dev.mona.gauges.MonaPlugin, by which tasks ask the driver");
    }
    Object answer;
    try {
      answer = context.ask(new Question(line, content));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while the driver was asked");
    } catch (Exception e) {
      throw new IllegalStateException("the driver did not answer", e);
    }
    if (answer instanceof Serializable told) {
      return told;
    }
    throw new CancellationException("the driver does not wait for this task any more");
  }

  /** In an executor, which may be the driver. */
  static void connect(PluginContext context) {
    plugin = context;
  }

  /** On the driver. */
  static @Nullable Object answer(Question question) {
    UnaryOperator<Serializable> answers = ANSWERS.get(question.line());
    return answers == null ? null : answers.apply(question.content());
  }
}

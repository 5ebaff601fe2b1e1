package dev.mona.job;

import dev.mona.config.MonaConfig;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The name of a run that was given none: task, method, seed and time. */
final class RunId {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private RunId() {}

  static String of(MonaConfig config) {
    return String.format(
        Locale.ROOT,
        "%s-%s-%d-%s",
        config.task().name(),
        config.method().id(),
        config.run().seed(),
        LocalDateTime.now(ZoneOffset.UTC).format(TIME));
  }
}

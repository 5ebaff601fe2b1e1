package dev.mona;

import java.util.List;

/**
 * A failure that a user can act on. The message is one sentence: what, the value, what to do. The
 * category decides the exit code of the command line; the settings, if there are any, are what the
 * user can change.
 */
public final class MonaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of input or step failed. */
  public enum Category {
    /** Configuration or command line. */
    CONFIGURATION,
    /** Target or source data. */
    DATA,
    /** Pretrained weights, checkpoints or other model files. */
    WEIGHTS,
    /** Reading or writing a file system. */
    STORAGE,
    /** Device, natives or memory of the machine. */
    ENVIRONMENT
  }

  private final Category category;
  private final List<Setting> settings;

  public MonaException(Category category, String message, Setting... settings) {
    super(message);
    this.category = category;
    this.settings = List.of(settings);
  }

  public MonaException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
    this.settings = List.of();
  }

  public Category category() {
    return category;
  }

  /** What the sentence is about, in the order of the sentence. */
  public List<Setting> settings() {
    return settings;
  }

  public static MonaException configuration(String message, Setting... settings) {
    return new MonaException(Category.CONFIGURATION, message, settings);
  }

  public static MonaException data(String message, Setting... settings) {
    return new MonaException(Category.DATA, message, settings);
  }

  public static MonaException weights(String message) {
    return new MonaException(Category.WEIGHTS, message);
  }
}

package dev.mona;

/**
 * A failure that a user can act on. The message is one sentence: what, the value, what to do. The
 * category decides the exit code of the command line.
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

  public MonaException(Category category, String message) {
    super(message);
    this.category = category;
  }

  public MonaException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  public Category category() {
    return category;
  }

  public static MonaException configuration(String message) {
    return new MonaException(Category.CONFIGURATION, message);
  }

  public static MonaException data(String message) {
    return new MonaException(Category.DATA, message);
  }

  public static MonaException weights(String message) {
    return new MonaException(Category.WEIGHTS, message);
  }
}

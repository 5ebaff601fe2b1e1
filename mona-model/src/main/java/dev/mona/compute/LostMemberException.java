package dev.mona.compute;

import org.jspecify.annotations.Nullable;

/** Another member of a {@link Collective} is gone, or did not answer in time. */
public final class LostMemberException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LostMemberException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

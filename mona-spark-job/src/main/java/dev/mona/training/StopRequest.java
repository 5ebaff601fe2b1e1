package dev.mona.training;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a run to end after the round under way, so that it can be gone on with. Made by any thread,
 * once; the run looks for it between rounds.
 */
public final class StopRequest {
  private final CompletableFuture<String> reason = new CompletableFuture<>();

  /**
   * Asks for the end.
   *
   * @param why for the user, e.g. {@code SIGTERM}
   * @return false if it had been asked for before
   */
  public boolean request(String why) {
    return reason.complete(why);
  }

  public boolean isRequested() {
    return reason.isDone();
  }

  /** Why; empty as long as nobody asked. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason.getNow(null));
  }

  /** Runs something when the end is asked for, on the thread that asks; at once if it has been. */
  public void whenRequested(Runnable action) {
    CompletableFuture<Void> unused = reason.thenRun(action);
  }
}

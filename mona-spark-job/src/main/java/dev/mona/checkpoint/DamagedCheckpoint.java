package dev.mona.checkpoint;

/** A checkpoint that is not as it was written; the message says what is wrong with it. */
final class DamagedCheckpoint extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedCheckpoint(String message) {
    super(message);
  }
}

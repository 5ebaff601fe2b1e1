package dev.mona.benchmark;

/** A step that is timed; the id is what peers are asked for. */
enum StepKind {
  /** Forward and backward pass of the encoder alone, fixed tokens, fixed upstream gradient. */
  ENCODER("encoder"),
  /** Gradient of the task loss for embedder, encoder and head. */
  GRADIENT("gradient"),
  /** A meta-step: virtual step, outer gradient there, mixed term by reverse over forward. */
  EXACT("exact"),
  /** A meta-step whose outer gradient is that of an earlier step. */
  GRADIENT_ALIGNMENT("gradient-alignment"),
  /** Forward and backward pass of Swin, from its first tokens. */
  SWIN("swin"),
  /** Forward and backward pass of Hiera with capped windows, from its first tokens. */
  HIERA("hiera");

  private final String id;

  StepKind(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  static StepKind of(String id) {
    for (StepKind kind : values()) {
      if (kind.id.equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown step " + id);
  }
}

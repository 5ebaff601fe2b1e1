package dev.mona.learner;

import dev.mona.tensor.ParameterGroup;
import java.util.List;
import java.util.Locale;

/** The stages of a run, in order. */
public enum Stage {
  /** Trains embedder and head on the task loss, encoder frozen. */
  WARMUP,
  /** Meta-learns the embedder, trains the head, encoder frozen. */
  ALIGNMENT,
  /** Trains everything on the task loss. */
  FINETUNING;

  /** The groups whose parameters the stage changes, in the order of the flat state. */
  public List<ParameterGroup> trained() {
    return switch (this) {
      case WARMUP, ALIGNMENT -> List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD);
      case FINETUNING ->
          List.of(ParameterGroup.EMBEDDER, ParameterGroup.ENCODER, ParameterGroup.HEAD);
    };
  }

  /** Lower-case name for files, logs and configuration keys. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

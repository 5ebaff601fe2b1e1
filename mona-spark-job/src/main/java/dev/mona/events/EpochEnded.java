package dev.mona.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An epoch ended and was validated; its checkpoint is not written yet.
 *
 * @param at which one
 * @param work samples and time, validation included; the time since the run was gone on with, if
 *     that was within the epoch
 * @param evaluation the part of the time in which it was evaluated
 * @param figures training means and validation scores by name, in display order; NaN where there is
 *     none
 * @param best whether it is the best epoch of its stage so far, where epochs are chosen from
 */
public record EpochEnded(
    EpochPosition at, Work work, Evaluation evaluation, Map<String, Double> figures, boolean best) {
  /** Name of the validation score among the figures. */
  public static final String VALIDATION_ERROR = "validation_error";

  public EpochEnded {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }
}

package dev.mona.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A round ended.
 *
 * @param at which one
 * @param work samples and time
 * @param figures means over the round by name, in display order; NaN where there is none
 */
public record RoundEnded(RoundPosition at, Work work, Map<String, Double> figures) {
  /** Name of the mean task loss among the figures. */
  public static final String LOSS = "loss";

  /** Name of the part of the time that the slowest worker's local steps did not take. */
  public static final String AVERAGING_SECONDS = "averaging_seconds";

  /**
   * Name of the bytes of each worker's state of which the mean is taken: parameters, and moments
   * unless workers keep them.
   */
  public static final String AVERAGED_BYTES = "averaged_bytes";

  public RoundEnded {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** One of the figures; NaN where the round has none of that name. */
  public double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}

package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.Locale;

/**
 * The parts of a data set. A set that is trained on has at least {@link #TRAIN} and {@link #TEST},
 * one that is only scored {@link #TEST}.
 */
public enum Split {
  /** What is learned from. */
  TRAIN,
  /** What epochs are selected on. */
  VAL,
  /** What results are reported on; never seen in training or selection. */
  TEST;

  /**
   * The split of a name.
   *
   * @throws MonaException of the category {@code CONFIGURATION} when there is none
   */
  public static Split of(String id) {
    for (Split split : values()) {
      if (split.id().equals(id)) {
        return split;
      }
    }
    throw MonaException.configuration(
        "split " + Quoted.of(id) + " is not one of train, val and test: name one of them");
  }

  /** Name in manifests, file names and array names. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

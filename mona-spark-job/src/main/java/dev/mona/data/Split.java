package dev.mona.data;

import java.util.Locale;

/** The parts of a data set. A set has at least {@link #TRAIN} and {@link #TEST}. */
public enum Split {
  /** What is learned from. */
  TRAIN,
  /** What epochs are selected on. */
  VAL,
  /** What results are reported on; never seen in training or selection. */
  TEST;

  /** Name in manifests, file names and array names. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

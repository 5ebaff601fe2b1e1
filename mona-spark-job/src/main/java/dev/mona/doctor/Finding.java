package dev.mona.doctor;

import java.io.Serializable;

/**
 * Something that is wrong.
 *
 * @param severity whether a run is possible
 * @param sentence what, the value, what to do
 */
public record Finding(Severity severity, String sentence) implements Serializable {

  /** How bad it is. */
  public enum Severity {
    /** Prevents a run, or makes its results wrong. */
    PROBLEM,
    /** A run works, but slowly or with a risk. */
    WARNING
  }
}

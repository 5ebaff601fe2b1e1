package dev.mona.benchmark;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one warm step of a peer asks for, apart from time.
 *
 * @param peer whose step
 * @param kind which step
 * @param perStep numbers by name
 */
record Counts(PeerId peer, StepKind kind, Map<String, Long> perStep) {
  /** Calls to the library of the engine. */
  static final String CALLS = "calls";

  /** How often the step waits for the device. */
  static final String WAITS = "waits";

  /** Bytes of Java objects of all threads. */
  static final String JAVA_BYTES = "Java bytes";

  /** Bytes of fresh memory from the system: arrays of 2 MB or more that were not there before. */
  static final String NATIVE_BYTES = "native bytes";

  Counts {
    perStep = new TreeMap<>(perStep);
  }

  /** The number of a name. */
  long get(String name) {
    Long number = perStep.get(name);
    if (number == null) {
      throw new IllegalStateException(peer.title() + " does not count " + name);
    }
    return number;
  }

  /** The smaller number of each name: what the step needs when nothing else happens. */
  Counts least(Counts other) {
    Map<String, Long> least = new TreeMap<>(perStep);
    other.perStep.forEach((name, count) -> least.merge(name, count, Math::min));
    return new Counts(peer, kind, least);
  }
}

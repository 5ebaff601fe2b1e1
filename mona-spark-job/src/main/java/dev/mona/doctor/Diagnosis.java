package dev.mona.doctor;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found in one process.
 *
 * @param process {@code driver} or {@code executor <id> on <host>}
 * @param facts values by name, by section, in display order
 * @param findings what is wrong
 */
public record Diagnosis(
    String process, Map<String, Map<String, String>> facts, List<Finding> findings)
    implements Serializable {
  public Diagnosis {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>();
    facts.forEach(
        (section, values) ->
            copy.put(section, Collections.unmodifiableMap(new LinkedHashMap<>(values))));
    facts = Collections.unmodifiableMap(copy);
    findings = List.copyOf(findings);
  }

  /** Whether a run is possible. */
  public boolean healthy() {
    return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.PROBLEM);
  }
}

package dev.mona.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Facts and findings while they are collected. */
final class Chart {
  private final Map<String, Map<String, String>> facts = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  void fact(String section, String name, String value) {
    facts.computeIfAbsent(section, s -> new LinkedHashMap<>()).put(name, value);
  }

  /** A run works, but slowly or with a risk. */
  void warning(String sentence) {
    findings.add(new Finding(Finding.Severity.WARNING, sentence));
  }

  /** A run is not possible, or its results are wrong. */
  void problem(String sentence) {
    findings.add(new Finding(Finding.Severity.PROBLEM, sentence));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  Diagnosis diagnosis(String process) {
    return new Diagnosis(process, facts, findings);
  }
}

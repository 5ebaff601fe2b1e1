package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;

/** What a command prints: for people, or for programs. Both forms are of the same values. */
public interface Printed {
  /** Lines of text; numbers are rounded. */
  String text();

  /**
   * One document. Names are in snake_case and stay as they are, but for those of settings, Spark's
   * properties and tensors, which are their own. Numbers are not rounded; what is not known or not
   * finite is null.
   */
  JsonNode json();
}

package dev.mona.config;

import dev.mona.learner.NonFinite;
import java.io.Serializable;

/**
 * What is done about optimizer steps whose loss or gradient is not finite.
 *
 * @param policy whether they are taken, which ends the run, or dropped
 * @param limit dropped steps in a row that end it all the same; 0 for no limit
 */
public record NonFiniteConfig(NonFinite policy, int limit) implements Serializable {

  public NonFiniteConfig {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit must be >= 0: " + limit);
    }
  }

  static final Section SECTION = new Section("Values that are not finite");

  static final Key<NonFinite> POLICY =
      SECTION.add(
          Key.choice(
              NonFinite.class,
              "training.non-finite",
              "What is done about an optimizer step whose loss or gradient is not finite: `stop`"
                  + " ends the run, `skip` drops the step and counts it in `dropped_steps`"));
  static final Key<Integer> LIMIT =
      SECTION.add(
          Key.atLeast(
              0,
              "training.non-finite-limit",
              "With `skip`, steps in a row that no worker could take after which the run still"
                  + " ends; counted at the end of a round, 0 for no limit"));

  static NonFiniteConfig from(Values values) {
    return new NonFiniteConfig(values.get(POLICY), values.get(LIMIT));
  }
}

package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;

/** The smallest configurations, and what is said about bad ones. */
final class ConfigFixture {
  private ConfigFixture() {}

  /** A configuration with the required keys and the given assignments. */
  static ConfigLayers layers(String... assignments) {
    ConfigLayers layers = ConfigLayers.start().set("task.name=t").set("task.data=d");
    for (String assignment : assignments) {
      layers.set(assignment);
    }
    return layers;
  }

  static MonaConfig load(String... assignments) {
    return layers(assignments).load();
  }

  /** The message of a configuration that is refused. */
  static String refusal(ConfigLayers layers) {
    MonaException[] caught = new MonaException[1];
    assertThatThrownBy(layers::load)
        .isInstanceOfSatisfying(MonaException.class, e -> caught[0] = e);
    assertThat(caught[0].category()).isEqualTo(MonaException.Category.CONFIGURATION);
    return String.valueOf(caught[0].getMessage());
  }

  /** Each bad assignment alone is refused with its key and value in the message. */
  static void refusesEach(String... assignments) {
    for (String assignment : assignments) {
      String[] parts = assignment.split("=", 2);
      assertThat(refusal(layers(assignment)))
          .as(assignment)
          .startsWith(parts[0] + " is \"" + parts[1] + "\" (--set " + parts[0] + "), must be ");
    }
  }
}

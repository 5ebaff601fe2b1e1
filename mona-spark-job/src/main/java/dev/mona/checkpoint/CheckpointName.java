package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a checkpoint's directory, in the order of training.
 *
 * @param stage the stage
 * @param rounds rounds of the stage that are done
 * @param name the name itself
 */
record CheckpointName(Stage stage, int rounds, String name) implements Comparable<CheckpointName> {
  private static final Pattern FORM = Pattern.compile("([a-z]+)-([0-9]{1,9})");

  /** The checkpoint of that name; empty if it is a name of something else. */
  static Optional<CheckpointName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int rounds = Integer.parseInt(matcher.group(2));
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.id().equals(matcher.group(1)))
        .map(stage -> new CheckpointName(stage, rounds, name))
        .findFirst();
  }

  @Override
  public int compareTo(CheckpointName other) {
    return Comparator.comparing(CheckpointName::stage)
        .thenComparingInt(CheckpointName::rounds)
        .compare(this, other);
  }
}

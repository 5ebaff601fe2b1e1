package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a checkpoint's directory, in the order of training: stage, epochs done in four
 * digits, rounds done in the epoch under way in six.
 *
 * @param stage the stage
 * @param epochs epochs of the stage that are done
 * @param rounds rounds of the next epoch that are done; 0 at the end of an epoch
 * @param name the name itself
 */
record CheckpointName(Stage stage, int epochs, int rounds, String name)
    implements Comparable<CheckpointName> {
  private static final Pattern FORM = Pattern.compile("([a-z]+)-([0-9]{4,9})-([0-9]{6,9})");
  private static final Pattern FORMAT_1 = Pattern.compile("(warmup|alignment|finetuning)-[0-9]+");

  static CheckpointName of(Stage stage, int epochs, int rounds) {
    String name = String.format(Locale.ROOT, "%s-%04d-%06d", stage.id(), epochs, rounds);
    return new CheckpointName(stage, epochs, rounds, name);
  }

  /** The checkpoint of that name; empty if it is a name of something else. */
  static Optional<CheckpointName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int epochs = Integer.parseInt(matcher.group(2));
    int rounds = Integer.parseInt(matcher.group(3));
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.id().equals(matcher.group(1)))
        .map(stage -> new CheckpointName(stage, epochs, rounds, name))
        .findFirst();
  }

  /** Whether it is a checkpoint of the first format, named by stage and rounds. */
  static boolean isFormat1(String name) {
    return FORMAT_1.matcher(name).matches();
  }

  /**
   * What need not be kept: all but the newest of those at the end of an epoch, and all within an
   * epoch but the newest of the epoch under way. The newest of all is kept, and what a run ends
   * with does not depend on when checkpoints were due.
   *
   * @param names all checkpoints in the order of training
   * @param retained how many at the end of an epoch to keep, {@code >= 1}
   */
  static List<CheckpointName> superfluous(List<CheckpointName> names, int retained) {
    List<CheckpointName> ends = names.stream().filter(name -> name.rounds() == 0).toList();
    Set<CheckpointName> kept =
        new HashSet<>(ends.subList(Math.max(0, ends.size() - retained), ends.size()));
    if (!names.isEmpty()) {
      kept.add(names.get(names.size() - 1));
    }
    return names.stream().filter(name -> !kept.contains(name)).toList();
  }

  @Override
  public int compareTo(CheckpointName other) {
    return Comparator.comparing(CheckpointName::stage)
        .thenComparingInt(CheckpointName::epochs)
        .thenComparingInt(CheckpointName::rounds)
        .compare(this, other);
  }
}

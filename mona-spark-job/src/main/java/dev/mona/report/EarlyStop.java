package dev.mona.report;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.analysis.PairedDifferences;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A rule, fixed before the first seed, by which a method runs with no further seed. To look after
 * every seed and to stop at the first 5 % finds differences where there are none.
 */
public enum EarlyStop {
  /** All methods run with all seeds. */
  NONE {
    @Override
    boolean ends(PairedDifferences difference) {
      return false;
    }

    @Override
    String reason() {
      return "";
    }
  },

  /**
   * A method ends once Student's interval of 99.9 % excludes 0, from {@value
   * PairedDifferences#FEWEST_FOR_AN_INTERVAL} pairs on (Haybittle, Br. J. Radiol. 44, 1971; Peto et
   * al., Br. J. Cancer 34, 1976). So high a level can be looked at after every seed and leaves the
   * last one at about its 5 %.
   */
  HAYBITTLE_PETO {
    @Override
    boolean ends(PairedDifferences difference) {
      return difference
          .interval(INTERIM_LEVEL)
          .filter(PairedDifferences.Interval::excludesZero)
          .isPresent();
    }

    @Override
    String reason() {
      return "its interval of 99.9 % excludes 0";
    }
  };

  private static final double INTERIM_LEVEL = 0.999;

  /** Whether a method with such a difference to its baseline ends. */
  abstract boolean ends(PairedDifferences difference);

  /** Why it ended. */
  abstract String reason();

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The rule of a name.
   *
   * @throws MonaException if there is none
   */
  public static EarlyStop of(String id) {
    return Arrays.stream(values())
        .filter(rule -> rule.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                MonaException.configuration(
                    "--early-stop is %s, must be one of: %s".formatted(Quoted.of(id), ids())));
  }

  private static String ids() {
    return Arrays.stream(values()).map(EarlyStop::id).collect(Collectors.joining(", "));
  }
}

package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a model file holds against what an encoder needs. Tensors that are missing or of another
 * shape forbid loading, and so do unknown tensors inside the encoder: they belong to another
 * architecture or to more layers than the configuration says. Everything beside the encoder is
 * ignored.
 *
 * @param missing needed, not there
 * @param misshaped there, with another shape: {@code name [found] instead of [needed]}
 * @param unexpected inside the encoder, not needed
 * @param ignored beside the encoder: pooler, language-model head, other heads
 * @param prefixes of no known wrapper, under which the file holds most of what is missing
 */
public record WeightReport(
    List<String> missing,
    List<String> misshaped,
    List<String> unexpected,
    List<String> ignored,
    List<String> prefixes) {
  private static final int EXAMPLES = 3;

  public WeightReport {
    missing = List.copyOf(missing);
    misshaped = List.copyOf(misshaped);
    unexpected = List.copyOf(unexpected);
    ignored = List.copyOf(ignored);
    prefixes = List.copyOf(prefixes);
  }

  /**
   * Compares tensors, by their canonical names, with those of an encoder.
   *
   * @param tensors the tensors under their canonical names
   */
  public static WeightReport compare(Encoder encoder, Map<String, WeightTensor> tensors) {
    ParameterLayout expected = encoder.tensors();
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    Set<String> roots = new HashSet<>();
    for (ParameterLayout.Entry entry : expected.entries()) {
      WeightTensor tensor = tensors.get(entry.name());
      roots.add(root(entry.name()));
      if (tensor == null) {
        missing.add(entry.name());
      } else if (!Arrays.equals(tensor.shape(), entry.shape())) {
        misshaped.add(
            entry.name()
                + " "
                + Arrays.toString(tensor.shape())
                + " instead of "
                + Arrays.toString(entry.shape()));
      }
    }
    List<String> unexpected = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    for (String name : tensors.keySet()) {
      if (!expected.has(name)) {
        boolean inside = roots.contains(root(name)) && !encoder.isUnused(name);
        (inside ? unexpected : ignored).add(name);
      }
    }
    return new WeightReport(
        missing, misshaped, unexpected, ignored, prefixes(missing, tensors.keySet()));
  }

  /** The part of the encoder that a name lies in. */
  private static String root(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** What stands before names that are missing, where it stands before more than half of them. */
  private static List<String> prefixes(List<String> missing, Set<String> names) {
    Set<String> wanted = new HashSet<>(missing);
    Map<String, Integer> counts = new TreeMap<>();
    for (String name : names) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        if (wanted.contains(name.substring(dot + 1))) {
          counts.merge(name.substring(0, dot + 1), 1, Integer::sum);
        }
      }
    }
    return counts.entrySet().stream()
        .filter(prefix -> 2 * prefix.getValue() > missing.size())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the encoder can be loaded. */
  public boolean loadable() {
    return missing.isEmpty() && misshaped.isEmpty() && unexpected.isEmpty();
  }

  /**
   * Throws, with all that is wrong in one sentence, unless the encoder can be loaded.
   *
   * @param where name of the file for the message
   */
  public void requireLoadable(String where) {
    if (loadable()) {
      return;
    }
    if (!prefixes.isEmpty()) {
      List<String> shown = prefixes.stream().limit(EXAMPLES).map(Quoted::of).toList();
      throw MonaException.weights(
          "The weights of %s carry the prefix %s, which is of no known wrapper; save the encoder alone, its tensors named without it"
              .formatted(where, String.join(" or ", shown)));
    }
    List<String> problems = new ArrayList<>();
    describe(problems, "missing", missing);
    describe(problems, "of another shape", misshaped);
    describe(problems, "unexpected", unexpected);
    throw MonaException.weights(
        "The weights of "
            + where
            + " do not fit its configuration: "
            + String.join("; ", problems)
            + "; give the config.json that belongs to them");
  }

  private static void describe(List<String> problems, String how, List<String> names) {
    if (!names.isEmpty()) {
      List<String> shown = names.stream().limit(EXAMPLES).map(Quoted::of).toList();
      int more = names.size() - shown.size();
      problems.add(
          names.size()
              + (names.size() == 1 ? " tensor " : " tensors ")
              + how
              + " ("
              + String.join(", ", shown)
              + (more > 0 ? " and " + more + " more)" : ")"));
    }
  }
}

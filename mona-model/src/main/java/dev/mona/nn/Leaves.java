package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.tensor.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The parameters of one group as leaves of a tape, by name. */
public final class Leaves {
  private final Map<String, Variable> leaves = new LinkedHashMap<>();

  private Leaves() {}

  public static Leaves of(Tape tape, Parameters parameters) {
    Leaves result = new Leaves();
    for (ParameterLayout.Entry entry : parameters.layout().entries()) {
      result.leaves.put(entry.name(), tape.leaf(parameters.view(entry.name())));
    }
    return result;
  }

  public Variable get(String name) {
    Variable leaf = leaves.get(name);
    if (leaf == null) {
      throw new IllegalArgumentException("no parameter named " + name + " in " + leaves.keySet());
    }
    return leaf;
  }

  /** Asks a reverse pass to add the gradient of every leaf to the views of {@code gradient}. */
  public void collect(Parameters gradient, Map<Variable, Array> wrt) {
    collect(gradient, role -> true, wrt);
  }

  /** The same for the leaves of some roles; the views of the others stay untouched. */
  public void collect(Parameters gradient, Predicate<Role> roles, Map<Variable, Array> wrt) {
    leaves.forEach(
        (name, leaf) -> {
          if (roles.test(gradient.layout().entry(name).role())) {
            wrt.put(leaf, gradient.view(name));
          }
        });
  }

  /**
   * Asks a forward pass to move every leaf along the leaf of the same name in {@code direction}.
   */
  public void along(Leaves direction, Map<Variable, Variable> seeds) {
    leaves.forEach((name, leaf) -> seeds.put(leaf, direction.get(name)));
  }
}

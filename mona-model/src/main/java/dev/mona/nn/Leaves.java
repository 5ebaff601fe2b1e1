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
import org.jspecify.annotations.Nullable;

/** The parameters of one group as leaves of a tape, by name. */
public final class Leaves {
  private final Map<String, Variable> leaves;
  private final Map<String, LowRank> changes;
  private final @Nullable Leaves factors;

  private Leaves(
      Map<String, Variable> leaves, Map<String, LowRank> changes, @Nullable Leaves factors) {
    this.leaves = leaves;
    this.changes = changes;
    this.factors = factors;
  }

  public static Leaves of(Tape tape, Parameters parameters) {
    Map<String, Variable> leaves = new LinkedHashMap<>();
    for (ParameterLayout.Entry entry : parameters.layout().entries()) {
      leaves.put(entry.name(), tape.leaf(parameters.view(entry.name())));
    }
    return new Leaves(leaves, Map.of(), null);
  }

  /**
   * The same leaves, some of their projections changed. Gradients are then collected of what they
   * are changed by.
   *
   * @param low by name of a {@link Linear}
   * @param by the leaves that the changes are made of
   */
  public Leaves changed(Map<String, LowRank> low, Leaves by) {
    return new Leaves(leaves, Map.copyOf(low), by);
  }

  /** The change of a projection; null where it has none. */
  @Nullable LowRank change(String projection) {
    return changes.get(projection);
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
    if (factors != null) {
      factors.collect(gradient, roles, wrt);
      return;
    }
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

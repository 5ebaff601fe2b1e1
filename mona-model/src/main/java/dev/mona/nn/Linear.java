package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;

/**
 * {@code x W^T + b} with {@code <name>.weight} {@code [outputs, inputs]} and {@code <name>.bias}
 * {@code [outputs]}, and what a {@link LowRank} change of that name adds.
 */
public record Linear(String name, int inputs, int outputs) {
  /** What follows the name of a projection in that of its weight. */
  public static final String WEIGHT = ".weight";

  public void declare(ParameterLayout.Builder layout) {
    declare(layout, Role.OTHER);
  }

  /** Declares parameters of a role. */
  public void declare(ParameterLayout.Builder layout, Role role) {
    layout.add(role, name + WEIGHT, outputs, inputs).add(role, name + ".bias", outputs);
  }

  /** {@code [n, inputs]} to {@code [n, outputs]}. */
  public Variable apply(Leaves parameters, Variable x) {
    Variable y = x.linear(parameters.get(name + WEIGHT), parameters.get(name + ".bias"));
    LowRank change = parameters.change(name);
    return change == null ? y : y.add(change.apply(x));
  }

  /** The outputs {@code from .. to - 1}: {@code [n, inputs]} to {@code [n, to - from]}. */
  public Variable apply(Leaves parameters, Variable x, long from, long to) {
    Variable y =
        x.linear(
            parameters.get(name + WEIGHT).rowRange(from, to),
            parameters.get(name + ".bias").rowRange(from, to));
    LowRank change = parameters.change(name);
    return change == null ? y : y.add(change.apply(x, from, to));
  }
}

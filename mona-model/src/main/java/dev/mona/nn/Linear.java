package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;

/**
 * {@code x W^T + b} with {@code <name>.weight} {@code [outputs, inputs]} and {@code <name>.bias}
 * {@code [outputs]}.
 */
public record Linear(String name, int inputs, int outputs) {
  public void declare(ParameterLayout.Builder layout) {
    declare(layout, Role.OTHER);
  }

  /** Declares parameters of a role. */
  public void declare(ParameterLayout.Builder layout, Role role) {
    layout.add(role, name + ".weight", outputs, inputs).add(role, name + ".bias", outputs);
  }

  /** {@code [n, inputs]} to {@code [n, outputs]}. */
  public Variable apply(Leaves parameters, Variable x) {
    return x.linear(parameters.get(name + ".weight"), parameters.get(name + ".bias"));
  }
}

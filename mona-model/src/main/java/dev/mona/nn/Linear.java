package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;

/**
 * {@code x W^T + b} with {@code <name>.weight} {@code [outputs, inputs]} and {@code <name>.bias}
 * {@code [outputs]}.
 */
public record Linear(String name, int inputs, int outputs) {
  public void declare(ParameterLayout.Builder layout) {
    layout.add(name + ".weight", outputs, inputs).add(name + ".bias", outputs);
  }

  /** {@code [n, inputs]} to {@code [n, outputs]}. */
  public Variable apply(Leaves parameters, Variable x) {
    return x.linear(parameters.get(name + ".weight"), parameters.get(name + ".bias"));
  }
}

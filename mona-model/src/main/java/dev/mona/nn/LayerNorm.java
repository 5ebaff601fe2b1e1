package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;

/**
 * Layer normalisation (Ba et al. 2016) of the last axis, with {@code <name>.weight} and {@code
 * <name>.bias} {@code [width]}.
 */
public record LayerNorm(String name, int width, double epsilon) {
  public void declare(ParameterLayout.Builder layout) {
    layout
        .add(Role.LAYER_NORM, name + ".weight", width)
        .add(Role.LAYER_NORM, name + ".bias", width);
  }

  public Variable apply(Leaves parameters, Variable x) {
    return x.normalize(epsilon)
        .affine(parameters.get(name + ".weight"), parameters.get(name + ".bias"));
  }
}

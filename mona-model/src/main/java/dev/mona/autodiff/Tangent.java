package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;

/** A tangent as one operation. It has none of its own: there are no third derivatives. */
abstract class Tangent extends Operation {
  @Override
  final Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    throw new IllegalStateException("no tangent of a tangent");
  }
}

package dev.mona.head;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;

/** A predictor h: encoded tokens to predictions. Holds shapes, not values. */
public sealed interface Head permits ClassificationHead, DenseGridHead, DenseSequenceHead {
  /** The parameters of h. */
  ParameterLayout layout();

  /**
   * Records the head.
   *
   * @param encoded tokens of the encoder; what is predicted at points sees those on the map only
   * @return {@code [batch, predictionLength]}
   */
  Variable apply(Tape tape, Leaves parameters, Tokens encoded);
}

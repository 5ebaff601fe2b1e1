package dev.mona.metalearning;

import dev.mona.compute.Scalar;
import dev.mona.tensor.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of L_outer, the mean over the source batches of a step.
 *
 * @param v the gradient, in the buffer of the step that took it: lasts until that step takes
 *     another
 * @param norm |v|
 * @param parts parts of L_outer where v was taken, by name: means over the source batches
 * @param agreement cosine between the halves of v, each of half of the batches; null for one batch
 */
public record OuterGradient(
    Parameters v, Scalar norm, Map<String, Scalar> parts, @Nullable Scalar agreement) {

  /** The parts, and the agreement as {@code outer_agreement} where there is one. */
  public Map<String, Scalar> measures() {
    if (agreement == null) {
      return parts;
    }
    Map<String, Scalar> measures = new LinkedHashMap<>(parts);
    measures.put("outer_agreement", agreement);
    return measures;
  }
}

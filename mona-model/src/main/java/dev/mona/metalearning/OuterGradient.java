package dev.mona.metalearning;

import dev.mona.compute.Scalar;
import dev.mona.tensor.Parameters;
import java.util.Map;

/**
 * The gradient of L_outer on one source batch.
 *
 * @param v the gradient, in the buffer of the step that took it: lasts until that step takes
 *     another
 * @param norm |v|
 * @param parts parts of L_outer where v was taken, by name
 */
public record OuterGradient(Parameters v, Scalar norm, Map<String, Scalar> parts) {}

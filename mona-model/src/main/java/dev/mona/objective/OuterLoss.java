package dev.mona.objective;

import dev.mona.autodiff.Variable;
import java.util.Map;

/**
 * A recorded outer loss.
 *
 * @param total L_outer, shape {@code [1]}
 * @param parts its parts by name, for reports
 */
public record OuterLoss(Variable total, Map<String, Variable> parts) {}

package dev.mona.metalearning;

import dev.mona.hypergradient.Estimator;

/**
 * Constants of a meta-step; symbols as in the paper.
 *
 * @param alpha length of the virtual step
 * @param normalized whether the virtual step has the fixed length alpha and the mixed term is
 *     scaled to {@code strength} times the norm of the inner embedder gradient; otherwise alpha
 *     multiplies the gradient and {@code strength} is lambda
 * @param strength ratio or lambda
 * @param estimator of the mixed term
 * @param innerSteps virtual steps, S
 * @param headMixed whether the head's gradient gets the mixed term too
 */
public record MetaStepOptions(
    double alpha,
    boolean normalized,
    double strength,
    Estimator estimator,
    int innerSteps,
    boolean headMixed) {}

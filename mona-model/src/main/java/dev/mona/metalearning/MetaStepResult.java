package dev.mona.metalearning;

import dev.mona.compute.Scalar;

/**
 * What one meta-step measured. The device may still be at it: who asks for a number waits.
 *
 * @param innerLoss L_inner at the pretrained encoder
 * @param outer v, |v| and the parts of L_outer
 * @param cosine cos(g, v), with a preconditioned step cos(D g, v): positive when the target update
 *     also helps the outer objective
 * @param gradientNorm |g|
 * @param ratio norm of what the outer objective adds to the embedder's gradient over the norm of
 *     the inner one
 */
public record MetaStepResult(
    Scalar innerLoss, OuterGradient outer, Scalar cosine, Scalar gradientNorm, Scalar ratio) {}

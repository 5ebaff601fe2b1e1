package dev.mona.metalearning;

import dev.mona.compute.Scalar;

/**
 * What one meta-step measured. The device may still be at it: who asks for a number waits.
 *
 * @param innerLoss L_inner at the pretrained encoder
 * @param outer v, |v| and the parts of L_outer
 * @param cosine cos(g, v): positive when the target update also helps the source
 * @param gradientNorm |g|
 * @param ratio norm of the mixed term as applied over the norm of the inner embedder gradient
 */
public record MetaStepResult(
    Scalar innerLoss, OuterGradient outer, Scalar cosine, Scalar gradientNorm, Scalar ratio) {}

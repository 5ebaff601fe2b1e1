package dev.mona.metalearning;

import java.util.Map;

/**
 * What one meta-step measured.
 *
 * @param innerLoss L_inner at the pretrained encoder
 * @param outerParts L_outer's parts at theta' (at theta_0 for gradient alignment), by name
 * @param cosine cos(g, v): positive when the target update also helps the source
 * @param gradientNorm |g|
 * @param outerNorm |v|
 * @param ratio norm of the mixed term as applied over the norm of the inner embedder gradient
 */
public record MetaStepResult(
    double innerLoss,
    Map<String, Double> outerParts,
    double cosine,
    double gradientNorm,
    double outerNorm,
    double ratio) {}

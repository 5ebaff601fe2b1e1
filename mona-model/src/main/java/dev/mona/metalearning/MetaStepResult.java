package dev.mona.metalearning;

/**
 * What one meta-step measured.
 *
 * @param innerLoss L_inner at the pretrained encoder
 * @param outer v, |v| and the parts of L_outer
 * @param cosine cos(g, v): positive when the target update also helps the source
 * @param gradientNorm |g|
 * @param ratio norm of the mixed term as applied over the norm of the inner embedder gradient
 */
public record MetaStepResult(
    double innerLoss, OuterGradient outer, double cosine, double gradientNorm, double ratio) {}

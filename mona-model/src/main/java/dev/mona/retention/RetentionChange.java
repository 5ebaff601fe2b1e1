package dev.mona.retention;

import java.io.Serializable;

/**
 * What a training has made of the source's knowledge.
 *
 * @param before of the pretrained encoder
 * @param after of the trained one
 * @param refittedProbeError error of a probe fitted anew on the trained encoder's representations:
 *     the measure of the paper, which hardly moves at small scale
 */
public record RetentionChange(Retention before, Retention after, double refittedProbeError)
    implements Serializable {}

package dev.mona.retention;

import java.io.Serializable;

/**
 * What an encoder still knows of the source.
 *
 * @param probeError error on source texts of the probe that was fitted on the pretrained encoder
 *     and is not refitted: shows forgetting clearly
 * @param outerLoss L_outer on fixed source batches, lower is better
 * @param daviesBouldin Davies-Bouldin index of the source classes, lower is better
 */
public record Retention(double probeError, double outerLoss, double daviesBouldin)
    implements Serializable {}

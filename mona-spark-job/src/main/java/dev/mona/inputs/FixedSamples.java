package dev.mona.inputs;

import dev.mona.analysis.KMeans;
import dev.mona.task.SampleBlock;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What is drawn once and stays the same while a job runs.
 *
 * @param outerBatches fixed source batches for L_outer
 * @param gap fixed target batch of the forgetting gap
 * @param discrepancy fixed target samples of the modality knowledge discrepancy
 * @param clusters of the training labels, for an alignment by transport; null where it needs none
 */
public record FixedSamples(
    int outerBatches, SampleBlock gap, SampleBlock discrepancy, @Nullable KMeans clusters)
    implements Serializable {}

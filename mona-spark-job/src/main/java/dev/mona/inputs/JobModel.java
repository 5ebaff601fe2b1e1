package dev.mona.inputs;

import dev.mona.analysis.KMeans;
import dev.mona.device.WantedDevice;
import dev.mona.learner.LearnerOptions;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceSamples;
import dev.mona.task.SampleBlock;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What is broadcast once a job: everything that never changes while it runs.
 *
 * @param options settings of the learners
 * @param device the device that the run needs
 * @param threads native threads of one task; 0 to leave them as they are
 * @param weights the pretrained model
 * @param source source samples of the alignment
 * @param probeTrain source samples that fit the retention probe
 * @param probeTest source samples that score it
 * @param outerBatches fixed source batches for L_outer
 * @param gapBatch fixed target batch of the forgetting gap
 * @param discrepancySamples fixed target samples of the modality knowledge discrepancy
 * @param clusters of the training labels, for an alignment by transport; null where it needs none
 */
public record JobModel(
    LearnerOptions options,
    WantedDevice device,
    int threads,
    PretrainedWeights weights,
    SourceSamples source,
    SourceSamples probeTrain,
    SourceSamples probeTest,
    int outerBatches,
    SampleBlock gapBatch,
    SampleBlock discrepancySamples,
    @Nullable KMeans clusters)
    implements Serializable {}

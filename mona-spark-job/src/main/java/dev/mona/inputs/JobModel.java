package dev.mona.inputs;

import dev.mona.config.RunConfig;
import dev.mona.learner.LearnerOptions;
import dev.mona.network.PretrainedWeights;
import java.io.Serializable;

/**
 * What is broadcast once a job: everything that never changes while it runs.
 *
 * @param options settings of the learners
 * @param resources device and threads of a task
 * @param weights the pretrained model
 * @param source source samples
 * @param fixed what is drawn once
 */
public record JobModel(
    LearnerOptions options,
    RunConfig.Resources resources,
    PretrainedWeights weights,
    SourceProxy source,
    FixedSamples fixed)
    implements Serializable {}

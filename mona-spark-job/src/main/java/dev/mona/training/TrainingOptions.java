package dev.mona.training;

import dev.mona.learner.LearnerOptions;
import dev.mona.rounds.AveragingOptions;

/**
 * Everything that decides the course of a run besides weights and data.
 *
 * @param learner stages, their epochs, batches and optimizers
 * @param averaging workers and rounds
 * @param stopping early stopping of the finetuning stage
 */
public record TrainingOptions(
    LearnerOptions learner, AveragingOptions averaging, StoppingOptions stopping) {}

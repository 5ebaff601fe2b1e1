package dev.mona.training;

import dev.mona.events.RunListener;
import dev.mona.rounds.Workers;

/**
 * What all stages of a run work with.
 *
 * @param workers run the rounds
 * @param listener is told the course of the run
 * @param scoring how epochs are scored
 * @param ending when the run ends early
 * @param saving where checkpoints go
 */
record Surroundings(
    Workers workers, RunListener listener, EpochScoring scoring, Ending ending, Saving saving) {}

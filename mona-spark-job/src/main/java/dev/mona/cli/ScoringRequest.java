package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.data.Split;

/**
 * A trained run and the samples to score with it.
 *
 * @param directory the run's directory
 * @param config the run's configuration; {@code task.data} names the data set to score
 * @param split split of that data set
 */
public record ScoringRequest(String directory, MonaConfig config, Split split) {}

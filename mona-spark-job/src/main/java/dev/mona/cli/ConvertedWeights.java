package dev.mona.cli;

/**
 * A model folder that was made.
 *
 * @param tensors how many it holds
 * @param parameters numbers in all of them
 */
public record ConvertedWeights(int tensors, long parameters) {}

package dev.mona.events;

/**
 * A run starts, or is gone on with.
 *
 * @param directory the run's directory
 * @param task name of the task
 * @param method id of the method
 * @param seed seed of everything random
 */
public record RunStarted(String directory, String task, String method, long seed) {}

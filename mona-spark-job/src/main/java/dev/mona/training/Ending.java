package dev.mona.training;

/**
 * What ends a run before all its epochs are done.
 *
 * @param request somebody's wish
 * @param options rules on scores and dropped steps
 */
record Ending(StopRequest request, StoppingOptions options) {}

package dev.mona.events;

import dev.mona.learner.Stage;

/**
 * A stage ended by itself; told at least once, before the next stage begins.
 *
 * @param stage which
 */
public record StageEnded(Stage stage) {}

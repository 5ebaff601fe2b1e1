package dev.mona.events;

import dev.mona.learner.Stage;

/**
 * A run goes on after a checkpoint. What an earlier start told of later rounds and epochs is told
 * again.
 *
 * @param stage stage of the checkpoint
 * @param epochs epochs of that stage that are done
 * @param rounds rounds of the next epoch that are done
 */
public record RunResumed(Stage stage, int epochs, int rounds) {}

/**
 * The driver's loop: stages, epochs and rounds, model selection, stopping rules and checkpoints.
 * Depends on {@code rounds}, {@code checkpoint} and {@code events}, and on the model's {@code
 * learner}, {@code metric}, {@code tensor} and {@code task}.
 */
@NullMarked
package dev.mona.training;

import org.jspecify.annotations.NullMarked;

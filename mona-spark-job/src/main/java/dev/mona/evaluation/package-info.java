/**
 * Scores and predictions of a trained model, computed on the executors. Depends on {@code
 * averaging} for the learners.
 */
@NullMarked
package dev.mona.evaluation;

import org.jspecify.annotations.NullMarked;

/**
 * How much memory a run takes, computed from its parameters, batches and tasks before it starts.
 * May use the model's shapes and options; measures nothing.
 */
@NullMarked
package dev.mona.sizing;

import org.jspecify.annotations.NullMarked;

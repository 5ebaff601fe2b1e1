/**
 * Full state of a run after a round, for resuming it to the same bytes. Depends on {@code storage}
 * and on the model's {@code learner} and {@code weights}. Stored data is safetensors and JSON, read
 * as hostile; nothing is deserialised into objects of the file's choice.
 */
@NullMarked
package dev.mona.checkpoint;

import org.jspecify.annotations.NullMarked;

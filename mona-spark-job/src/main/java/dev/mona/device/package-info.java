/**
 * The device that arrays live on: which engine a run wants, whether it can compute here, which
 * device a task was given. Uses the model's {@code compute} and Spark's task context.
 */
@NullMarked
package dev.mona.device;

import org.jspecify.annotations.NullMarked;

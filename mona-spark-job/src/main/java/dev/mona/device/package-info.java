/**
 * The device that arrays live on: which backend the class path has, whether it can run here, which
 * device a task was given, and how much memory its arrays may take. Everything is asked before
 * ND4J's own start, which hides why it failed. Uses ND4J and Spark's task context, nothing of this
 * project but its error type.
 */
@NullMarked
package dev.mona.device;

import org.jspecify.annotations.NullMarked;

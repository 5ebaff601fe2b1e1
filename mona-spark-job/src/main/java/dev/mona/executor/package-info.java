/**
 * The broadcast model in the JVM of an executor, and what the driver has executors do with it
 * beside training: measure retention and discrepancy.
 */
@NullMarked
package dev.mona.executor;

import org.jspecify.annotations.NullMarked;

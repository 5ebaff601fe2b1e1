/**
 * What rounds of averaging and whole runs take and move, by workers, size of the state and samples.
 */
@NullMarked
package dev.mona.benchmark.scaling;

import org.jspecify.annotations.NullMarked;

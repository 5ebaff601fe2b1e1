/**
 * Scores of predictions, all with lower is better, as accumulators that merge across partitions.
 * Depends on {@code task} only.
 */
@NullMarked
package dev.mona.metric;

import org.jspecify.annotations.NullMarked;

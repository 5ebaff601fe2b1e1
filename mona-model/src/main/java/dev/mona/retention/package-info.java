/**
 * How much of the source's knowledge an encoder still holds, the paper's central claim, and how far
 * the target's knowledge is from it. Depends on {@code learner} for the frozen model and on {@code
 * analysis} for the probe.
 */
@NullMarked
package dev.mona.retention;

import org.jspecify.annotations.NullMarked;

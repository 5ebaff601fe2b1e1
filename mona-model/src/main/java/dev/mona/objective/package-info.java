/**
 * Losses: of target tasks, and of the source representation (the outer objective). Depends on
 * {@code autodiff} and {@code task}.
 */
@NullMarked
package dev.mona.objective;

import org.jspecify.annotations.NullMarked;

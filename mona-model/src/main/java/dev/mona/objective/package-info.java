/** Losses: of target tasks, and of the source representation (the outer objective). */
@NullMarked
package dev.mona.objective;

import org.jspecify.annotations.NullMarked;

/** What a round of averaging moves and takes, by workers and by size of the state. */
@NullMarked
package dev.mona.benchmark.scaling;

import org.jspecify.annotations.NullMarked;

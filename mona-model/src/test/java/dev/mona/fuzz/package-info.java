/** Damaged files for every reader of files from outside. */
@NullMarked
package dev.mona.fuzz;

import org.jspecify.annotations.NullMarked;

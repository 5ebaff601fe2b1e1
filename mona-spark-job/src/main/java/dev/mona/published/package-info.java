/**
 * Data sets in the files in which they are published, as sources of samples for the converter.
 * Depends on {@code convert}, {@code data} and {@code storage}.
 */
@NullMarked
package dev.mona.published;

import org.jspecify.annotations.NullMarked;

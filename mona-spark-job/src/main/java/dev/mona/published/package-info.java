/**
 * Data sets in the files in which they are published, as sources of samples for the converter.
 * Depends on {@code data}.
 */
@NullMarked
package dev.mona.published;

import org.jspecify.annotations.NullMarked;

/** One meta-step of the alignment stage. */
@NullMarked
package dev.mona.metalearning;

import org.jspecify.annotations.NullMarked;

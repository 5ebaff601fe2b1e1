/**
 * One meta-step of the alignment stage. Depends on {@code hypergradient}; knows losses only as what
 * they record on a tape.
 */
@NullMarked
package dev.mona.metalearning;

import org.jspecify.annotations.NullMarked;

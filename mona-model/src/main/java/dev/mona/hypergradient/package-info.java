/**
 * The estimators of the mixed term, one file each. Depends on {@code nn}; knows losses only as what
 * they record on a tape.
 */
@NullMarked
package dev.mona.hypergradient;

import org.jspecify.annotations.NullMarked;

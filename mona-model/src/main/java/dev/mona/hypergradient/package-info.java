/** The estimators of the mixed term, one file each. */
@NullMarked
package dev.mona.hypergradient;

import org.jspecify.annotations.NullMarked;

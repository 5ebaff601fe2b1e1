/**
 * Measures of representations: what a linear classifier still reads from them, and how far classes
 * lie apart. Depends on ND4J only.
 */
@NullMarked
package dev.mona.analysis;

import org.jspecify.annotations.NullMarked;

/**
 * Measures of representations and results: what a linear classifier still reads, how far classes
 * lie apart, clusters, differences between methods. Depends on ND4J, Commons Math and {@code
 * random}.
 */
@NullMarked
package dev.mona.analysis;

import org.jspecify.annotations.NullMarked;

/**
 * Named parameters inside one flat vector, so that optimizers, averaging and checkpoints handle one
 * array. Depends on ND4J only.
 */
@NullMarked
package dev.mona.tensor;

import org.jspecify.annotations.NullMarked;

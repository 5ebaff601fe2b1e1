/**
 * Named parameters inside one flat vector, so that optimizers, averaging and checkpoints handle one
 * array. Depends on {@code compute}.
 */
@NullMarked
package dev.mona.tensor;

import org.jspecify.annotations.NullMarked;

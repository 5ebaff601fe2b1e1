/**
 * Update rules over flat vectors, learning rates and gradient clipping. Depends on {@code compute}.
 */
@NullMarked
package dev.mona.optimizer;

import org.jspecify.annotations.NullMarked;

/**
 * Embedders: target data to tokens, and the frozen source embedders. Depends on {@code nn}, on
 * {@code source} for batches and on {@code weights} for the tensors of a checkpoint.
 */
@NullMarked
package dev.mona.embedder;

import org.jspecify.annotations.NullMarked;

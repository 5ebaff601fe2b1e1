/**
 * Embedders: target data to tokens, and the frozen source embedder. Depends on {@code nn}, on
 * {@code source} for batches of texts and on the configurations in {@code weights}.
 */
@NullMarked
package dev.mona.embedder;

import org.jspecify.annotations.NullMarked;

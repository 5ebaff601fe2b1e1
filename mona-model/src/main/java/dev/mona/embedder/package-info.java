/** Embedders: target data to tokens, and the frozen source embedder. */
@NullMarked
package dev.mona.embedder;

import org.jspecify.annotations.NullMarked;

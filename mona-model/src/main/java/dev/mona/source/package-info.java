/**
 * Labelled source-modality text, tokenised, and the batches drawn from it. Depends on {@code
 * random} only.
 */
@NullMarked
package dev.mona.source;

import org.jspecify.annotations.NullMarked;

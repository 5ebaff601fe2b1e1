/** Labelled source-modality text, tokenised, and the batches drawn from it. */
@NullMarked
package dev.mona.source;

import org.jspecify.annotations.NullMarked;

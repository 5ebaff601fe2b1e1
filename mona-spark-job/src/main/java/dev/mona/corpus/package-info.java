/**
 * Where the source proxy comes from: labelled English text out of WordNet or a Parquet set, chosen
 * class by class and tokenised with the pretrained model's own tokenizer. Runs on the driver. May
 * depend on {@code dev.mona.source}, Spark SQL, Hadoop, extJWNL and the DJL tokenizers; of the job
 * on {@code spark} and {@code storage} only.
 */
@NullMarked
package dev.mona.corpus;

import org.jspecify.annotations.NullMarked;

/**
 * Target data sets: Parquet files with a manifest, checked, standardised, split and dealt to
 * partitions. Depends on {@code dev.mona.task} and {@code dev.mona.random} of the model, {@code
 * storage} for checksums, {@code spark}, Spark SQL and Hadoop's file system; knows nothing of
 * configuration or training. How a set comes to be is told in {@code dev.mona.convert}.
 */
@NullMarked
package dev.mona.data;

import org.jspecify.annotations.NullMarked;

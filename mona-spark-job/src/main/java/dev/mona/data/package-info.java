/**
 * Target data sets: Parquet files with a manifest, how they are made from any {@link
 * dev.mona.data.SetSource}, such as NumPy files, checked, split and dealt to partitions. Depends on
 * {@code dev.mona.task} and {@code dev.mona.random} of the model, {@code dev.mona.storage} for
 * checksums, Spark SQL, Parquet and Hadoop's file system; knows nothing of configuration or
 * training.
 */
@NullMarked
package dev.mona.data;

import org.jspecify.annotations.NullMarked;

/**
 * Anybody's DataFrame, in Parquet, to a data set: columns are checked, samples numbered, split and
 * written by tasks. Depends on {@code data}, {@code convert}, {@code spark}, Spark SQL and Hadoop's
 * file system; knows nothing of configuration or training.
 */
@NullMarked
package dev.mona.dataframe;

import org.jspecify.annotations.NullMarked;

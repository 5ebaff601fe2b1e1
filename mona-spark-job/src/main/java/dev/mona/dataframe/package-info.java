/**
 * Anybody's DataFrame to a data set: columns are checked, samples numbered and split by tasks, then
 * written to files or held in memory. Depends on {@code data}, {@code convert}, {@code spark},
 * Spark SQL and Hadoop's file system; knows nothing of configuration or training.
 */
@NullMarked
package dev.mona.dataframe;

import org.jspecify.annotations.NullMarked;

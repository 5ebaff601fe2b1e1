/**
 * What every Spark job of this program has: a name, failures that Java knows of, calls to all
 * executors, values on their way to tasks and settings for floats. Depends on Spark and on {@code
 * dev.mona}.
 */
@NullMarked
package dev.mona.spark;

import org.jspecify.annotations.NullMarked;

/**
 * What every Spark job of this program has: a name, failures that Java knows of, and calls to all
 * executors. Depends on Spark and on {@code dev.mona}.
 */
@NullMarked
package dev.mona.spark;

import org.jspecify.annotations.NullMarked;

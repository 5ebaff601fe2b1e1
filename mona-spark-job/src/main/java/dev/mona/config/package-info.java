/**
 * HOCON configuration to records: the keys, their ranges and meanings, the precedence of the
 * sources, the methods as stage plans, and the text of docs/configuration.md. Depends on the
 * options records of the model, on what values of keys are in {@code corpus}, {@code device},
 * {@code rounds} and {@code storage}, and on Typesafe Config; knows nothing of Spark.
 */
@NullMarked
package dev.mona.config;

import org.jspecify.annotations.NullMarked;

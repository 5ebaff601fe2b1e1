/**
 * The job: opens what a configuration names, trains or scores on Spark, and writes the outputs.
 * Everything below is wired together here and only here.
 */
@NullMarked
package dev.mona.job;

import org.jspecify.annotations.NullMarked;

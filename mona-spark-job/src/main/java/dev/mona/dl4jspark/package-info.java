/**
 * Rounds by way of DL4J Spark: a training master for its {@code SparkComputationGraph}, which hands
 * everything to {@code dev.mona.rounds}. The only package that knows DL4J Spark; nothing but the
 * job that chooses this way depends on it.
 */
@NullMarked
package dev.mona.dl4jspark;

import org.jspecify.annotations.NullMarked;

/**
 * The finished network as an ordinary DL4J computation graph: for inference, evaluation, further
 * training and DL4J's own file format. Depends on {@code network} and below, and on DL4J; nothing
 * else in the model depends on it.
 */
@NullMarked
package dev.mona.dl4j;

import org.jspecify.annotations.NullMarked;

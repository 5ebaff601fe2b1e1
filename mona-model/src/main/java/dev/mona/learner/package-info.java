/**
 * Local learning on one partition: what a worker runs between two averagings, and the messages that
 * go in and out. The same code runs on one machine and on the cluster.
 */
@NullMarked
package dev.mona.learner;

import org.jspecify.annotations.NullMarked;

/** ND4J's updaters and learning-rate schedules over flat vectors, and gradient clipping. */
@NullMarked
package dev.mona.optimizer;

import org.jspecify.annotations.NullMarked;

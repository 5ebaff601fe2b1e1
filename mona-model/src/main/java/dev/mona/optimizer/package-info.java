/**
 * Update rules over flat vectors, on ND4J's updaters where those are the published rule, learning
 * rates and gradient clipping. Depends on ND4J only.
 */
@NullMarked
package dev.mona.optimizer;

import org.jspecify.annotations.NullMarked;

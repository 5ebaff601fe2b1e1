/**
 * The differentiation core: a tape of operations on ND4J arrays. Every operation has a forward
 * rule, a reverse rule (VJP) and a forward-mode rule (JVP) that is written in tape operations, so
 * that reverse over forward is exact. Depends on ND4J only; every computation goes through ND4J's
 * API, whatever the backend.
 */
@NullMarked
package dev.mona.autodiff;

import org.jspecify.annotations.NullMarked;

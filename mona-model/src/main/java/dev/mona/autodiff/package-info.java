/**
 * The differentiation core: a tape of operations on the arrays of a {@link
 * dev.mona.compute.Device}. Every operation has a forward rule, a reverse rule (VJP) and a
 * forward-mode rule (JVP) that is written in tape operations, so that reverse over forward is
 * exact. Depends on {@code compute} alone.
 */
@NullMarked
package dev.mona.autodiff;

import org.jspecify.annotations.NullMarked;

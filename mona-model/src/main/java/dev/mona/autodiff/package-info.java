/**
 * The differentiation core: a tape of operations on ND4J arrays. Every operation has a forward
 * rule, a reverse rule (VJP) and a forward-mode rule (JVP) that is written in tape operations, so
 * that reverse over forward is exact. Depends on {@code tensor}, ND4J and the BLAS behind it. Every
 * computation goes through ND4J's API, whatever the backend; some have a host kernel beside it for
 * floats in this process's memory ({@link dev.mona.autodiff.HostBlocks}, {@link
 * dev.mona.autodiff.HeadProducts}).
 */
@NullMarked
package dev.mona.autodiff;

import org.jspecify.annotations.NullMarked;

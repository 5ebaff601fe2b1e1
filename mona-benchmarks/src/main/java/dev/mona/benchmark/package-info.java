/**
 * Times the steps of training on each engine beside PyTorch: each peer in a process of its own, in
 * turn, with the same weights, shapes and threads. Depends on the model only; never shipped.
 */
@NullMarked
package dev.mona.benchmark;

import org.jspecify.annotations.NullMarked;

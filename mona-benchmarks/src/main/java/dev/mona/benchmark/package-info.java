/**
 * Times the steps of training beside libtorch and PyTorch: each peer in a process of its own, in
 * turn, with the same shapes and threads. Depends on the model only; never shipped.
 */
@NullMarked
package dev.mona.benchmark;

import org.jspecify.annotations.NullMarked;

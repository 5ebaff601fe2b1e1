/**
 * The whole function h(f(e(x))), its initial values, and the source representation. Depends on
 * {@code embedder}, {@code backbone} and {@code head}, and on {@code weights} for checkpoints.
 */
@NullMarked
package dev.mona.network;

import org.jspecify.annotations.NullMarked;

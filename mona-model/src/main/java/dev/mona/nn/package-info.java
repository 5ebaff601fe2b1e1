/**
 * Building blocks of networks: they declare parameters in a layout and record their function on a
 * tape. Depends on {@code autodiff} and {@code tensor}.
 */
@NullMarked
package dev.mona.nn;

import org.jspecify.annotations.NullMarked;

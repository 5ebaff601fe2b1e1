/**
 * A directory of NumPy files with a card as a {@code SetSource}: npy and npz, read without NumPy.
 * Depends on {@code dev.mona.convert} and {@code dev.mona.data}.
 */
@NullMarked
package dev.mona.numpy;

import org.jspecify.annotations.NullMarked;

/**
 * Finetuning that changes an encoder by a few parameters of its own. Depends on {@code nn}, {@code
 * tensor} and {@code random}.
 */
@NullMarked
package dev.mona.adapter;

import org.jspecify.annotations.NullMarked;

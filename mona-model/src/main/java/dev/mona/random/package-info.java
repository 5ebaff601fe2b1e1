/** Randomness as pure functions of what it is for. Depends on nothing. */
@NullMarked
package dev.mona.random;

import org.jspecify.annotations.NullMarked;

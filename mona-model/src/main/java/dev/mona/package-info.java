/** Root of MoNA: the error type that every part shares, and how its messages quote text. */
@NullMarked
package dev.mona;

import org.jspecify.annotations.NullMarked;

/** Root of MoNA: holds only the error type that every part shares. */
@NullMarked
package dev.mona;

import org.jspecify.annotations.NullMarked;

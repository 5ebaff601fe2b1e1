/** Task heads: encoder output to predictions. Depends on {@code nn}. */
@NullMarked
package dev.mona.head;

import org.jspecify.annotations.NullMarked;

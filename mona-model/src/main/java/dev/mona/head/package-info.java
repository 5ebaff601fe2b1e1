/** Task heads: encoder output to predictions. */
@NullMarked
package dev.mona.head;

import org.jspecify.annotations.NullMarked;

/**
 * The plain training step on the task loss, used by warm-up and finetuning. Depends on {@code
 * network} and {@code objective}.
 */
@NullMarked
package dev.mona.finetuning;

import org.jspecify.annotations.NullMarked;

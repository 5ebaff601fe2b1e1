/** The plain training step on the task loss, used by warm-up and finetuning. */
@NullMarked
package dev.mona.finetuning;

import org.jspecify.annotations.NullMarked;

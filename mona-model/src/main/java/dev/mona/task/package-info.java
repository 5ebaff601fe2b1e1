/** What a target task is, and blocks of its samples. No dependency on the rest of the model. */
@NullMarked
package dev.mona.task;

import org.jspecify.annotations.NullMarked;

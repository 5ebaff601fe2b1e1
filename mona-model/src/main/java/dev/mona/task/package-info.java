/**
 * What a target task is, and its samples: blocks of them, and partitions of blocks. No dependency
 * on the rest of the model.
 */
@NullMarked
package dev.mona.task;

import org.jspecify.annotations.NullMarked;

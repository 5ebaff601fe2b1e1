/**
 * How a run is ended from outside: a signal, a request to stop, a job that was cancelled, a task
 * that hangs.
 */
@NullMarked
package dev.mona.stopping;

import org.jspecify.annotations.NullMarked;

/** Failures to one sentence and an exit code. The only place that knows exit codes. */
@NullMarked
package dev.mona.cli.failure;

import org.jspecify.annotations.NullMarked;

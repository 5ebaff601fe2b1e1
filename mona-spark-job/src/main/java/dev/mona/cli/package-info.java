/**
 * The command line: options to requests, results to text, failures to exit codes. The only place
 * that knows exit codes. What the commands do stands behind {@link dev.mona.cli.Commands}.
 */
@NullMarked
package dev.mona.cli;

import org.jspecify.annotations.NullMarked;

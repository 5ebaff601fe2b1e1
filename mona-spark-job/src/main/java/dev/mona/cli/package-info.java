/**
 * The command line: options to requests. What the commands do stands behind {@link
 * dev.mona.cli.Commands}; what they print is in {@code text}, how they fail in {@code failure}.
 */
@NullMarked
package dev.mona.cli;

import org.jspecify.annotations.NullMarked;

/** The job as its users start it, on real servers of this machine. */
@NullMarked
package dev.mona.deploy;

import org.jspecify.annotations.NullMarked;

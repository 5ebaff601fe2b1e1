/**
 * Files of a run on any Hadoop file system: written to a temporary name, then renamed, with
 * checksums. Depends on Hadoop's file systems and Jackson only.
 */
@NullMarked
package dev.mona.storage;

import org.jspecify.annotations.NullMarked;

/**
 * Where the outputs of a run come from: {@code provenance.json} with checksums of the inputs,
 * versions, threads and partitions, and every start of the run.
 */
@NullMarked
package dev.mona.provenance;

import org.jspecify.annotations.NullMarked;

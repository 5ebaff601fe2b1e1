/**
 * Arrays on a device and the primitives that compute on them: the seam between the method and the
 * library that does the arithmetic. An {@link dev.mona.compute.Engine} is found by name and opens a
 * {@link dev.mona.compute.Device}; what is above knows nothing of either's library. {@code
 * compute.nd4j} is the default engine.
 */
@NullMarked
package dev.mona.compute;

import org.jspecify.annotations.NullMarked;

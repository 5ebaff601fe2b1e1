/** A trained network as an ONNX file, from what its forward pass records. */
@NullMarked
package dev.mona.onnx;

import org.jspecify.annotations.NullMarked;

/**
 * Model files: safetensors, initialisers of ONNX and ONNX Runtime. Everything here lives on the
 * host as {@code float[]}; files are taken as hostile, and no length in them is believed before it
 * is checked. Depends on {@code dev.mona.MonaException}, Jackson, FlatBuffers and the ONNX messages
 * of nd4j-api; on no array backend.
 */
@NullMarked
package dev.mona.weights;

import org.jspecify.annotations.NullMarked;

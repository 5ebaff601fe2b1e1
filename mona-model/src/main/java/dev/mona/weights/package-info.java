/**
 * Model files: safetensors, ONNX initialisers, the names Hugging Face gives to the tensors of text
 * encoders, and the pretrained checkpoint put together from them. Everything here lives on the host
 * as {@code float[]}; files are taken as hostile, and no length in them is believed before it is
 * checked. Depends on {@code dev.mona.MonaException}, Jackson and the ONNX messages of nd4j-api; on
 * no array backend.
 */
@NullMarked
package dev.mona.weights;

import org.jspecify.annotations.NullMarked;

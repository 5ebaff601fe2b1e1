/** Model files: safetensors, ONNX initialisers, Hugging Face names. */
@NullMarked
package dev.mona.weights;

import org.jspecify.annotations.NullMarked;

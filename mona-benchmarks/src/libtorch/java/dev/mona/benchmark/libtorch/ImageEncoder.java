package dev.mona.benchmark.libtorch;

import org.bytedeco.pytorch.Tensor;

/** An encoder of maps of tokens {@code [batch, side, side, width]}. */
interface ImageEncoder {
  Weights weights();

  Tensor forward(Tensor map, boolean fusedAttention);
}

package dev.mona.benchmark.libtorch;

import dev.mona.benchmark.SeededValues;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Forward and backward pass of an encoder of images: fixed tokens, fixed upstream gradient. */
final class ImageStep {
  private final ImageEncoder encoder;
  private final Tensor tokens;
  private final Tensor upstream;

  ImageStep(ImageEncoder encoder, long batch, long side, long width) {
    this.encoder = encoder;
    tokens = Encoder.leaf(values("tokens", batch, side, side, width));
    upstream = values("upstream", encoder.forward(tokens, false).sizes().vec().get());
  }

  private static Tensor values(String name, long... shape) {
    return Tensor.create(SeededValues.normal(name, 1, shape)).view(shape);
  }

  /** The norm of the tokens' gradient. */
  Tensor run(boolean fusedAttention) {
    Tensor out = encoder.forward(tokens, fusedAttention);
    List<Tensor> inputs = new ArrayList<>(List.of(tokens));
    inputs.addAll(encoder.weights().all());
    return Steps.gradients(out, inputs, upstream, false).get(0).norm();
  }
}

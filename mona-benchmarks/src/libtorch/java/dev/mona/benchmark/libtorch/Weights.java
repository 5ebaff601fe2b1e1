package dev.mona.benchmark.libtorch;

import dev.mona.benchmark.SeededValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Weights by the names that this project's encoders have; made at first use. */
final class Weights {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  Tensor get(String name, long... shape) {
    return tensors.computeIfAbsent(
        name, key -> Encoder.leaf(Tensor.create(SeededValues.weight(key, shape)).view(shape)));
  }

  List<Tensor> all() {
    return new ArrayList<>(tensors.values());
  }

  /** With bias, to a width. */
  Tensor linear(String name, Tensor x, long width) {
    return torch.linear(
        x,
        get(name + ".weight", width, x.size(-1)),
        new TensorOptional(get(name + ".bias", width)));
  }

  Tensor layerNorm(String name, Tensor x, double epsilon) {
    long width = x.size(-1);
    return torch.layer_norm(
        x,
        new long[] {width},
        new TensorOptional(get(name + ".weight", width)),
        new TensorOptional(get(name + ".bias", width)),
        epsilon,
        true);
  }
}

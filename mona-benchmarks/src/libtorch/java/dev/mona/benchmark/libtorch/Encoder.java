package dev.mona.benchmark.libtorch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Post-norm transformer encoder. A layer holds 16 tensors in the order q, k, v, output (weight {@code
 * [out, in]} and bias each), norm, feed-forward in, feed-forward out, norm.
 */
final class Encoder {
  static final double EPSILON = 1e-12;
  private static final int PER_LAYER = 16;

  private final long width;
  private final long heads;
  private final List<Tensor> parameters = new ArrayList<>();

  Encoder(Map<String, Integer> shape) {
    width = shape.get("width");
    heads = shape.get("heads");
    long hidden = shape.get("hidden");
    for (int layer = 0; layer < shape.get("layers"); layer++) {
      for (int linear = 0; linear < 4; linear++) {
        parameters.add(normal(width, width));
        parameters.add(constant(0, width));
      }
      parameters.add(constant(1, width));
      parameters.add(constant(0, width));
      parameters.add(normal(hidden, width));
      parameters.add(constant(0, hidden));
      parameters.add(normal(width, hidden));
      parameters.add(constant(0, width));
      parameters.add(constant(1, width));
      parameters.add(constant(0, width));
    }
  }

  List<Tensor> parameters() {
    return parameters;
  }

  /** Tokens {@code [batch, tokens, width]} to tokens of the same shape. */
  Tensor forward(Tensor x, List<Tensor> theta, boolean fusedAttention) {
    Tensor out = x;
    for (int start = 0; start < theta.size(); start += PER_LAYER) {
      out = layer(out, theta.subList(start, start + PER_LAYER), fusedAttention);
    }
    return out;
  }

  private Tensor layer(Tensor x, List<Tensor> w, boolean fusedAttention) {
    Tensor q = split(linear(x, w, 0));
    Tensor k = split(linear(x, w, 2));
    Tensor v = split(linear(x, w, 4));
    Tensor context = attention(q, k, v, fusedAttention);
    Tensor merged = context.transpose(1, 2).reshape(x.size(0), x.size(1), width);
    Tensor attended = layerNorm(x.add(linear(merged, w, 6)), w, 8);
    Tensor fed = linear(torch.gelu(linear(attended, w, 10)), w, 12);
    return layerNorm(attended.add(fed), w, 14);
  }

  /** Queries, keys and values {@code [batch, heads, tokens, width of a head]}. */
  static Tensor attention(Tensor q, Tensor k, Tensor v, boolean fused) {
    return fused
        ? torch.scaled_dot_product_attention(q, k, v)
        : torch.matmul(
            torch
                .matmul(q, k.transpose(-2, -1))
                .mul(new Scalar(1 / Math.sqrt((double) q.size(-1))))
                .softmax(-1),
            v);
  }

  private Tensor split(Tensor x) {
    return x.view(x.size(0), x.size(1), heads, width / heads).transpose(1, 2);
  }

  static Tensor linear(Tensor x, List<Tensor> w, int at) {
    return torch.linear(x, w.get(at), new TensorOptional(w.get(at + 1)));
  }

  static Tensor layerNorm(Tensor x, List<Tensor> w, int at) {
    return torch.layer_norm(
        x,
        new long[] {x.size(-1)},
        new TensorOptional(w.get(at)),
        new TensorOptional(w.get(at + 1)),
        EPSILON,
        true);
  }

  static Tensor normal(long... shape) {
    return leaf(torch.randn(shape).mul(new Scalar(0.05)));
  }

  static Tensor constant(double value, long... shape) {
    return leaf(torch.full(shape, new Scalar(value)));
  }

  static Tensor leaf(Tensor value) {
    Tensor leaf = value.detach();
    leaf.set_requires_grad(true);
    return leaf;
  }
}

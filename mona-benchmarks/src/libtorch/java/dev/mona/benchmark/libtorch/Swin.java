package dev.mona.benchmark.libtorch;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Swin-T on maps whose sides windows divide in every stage. */
final class Swin implements ImageEncoder {
  private static final int[] DEPTHS = {2, 2, 6, 2};
  private static final int HEAD_WIDTH = 32;
  private static final int WINDOW = 7;
  private static final int SHIFT = WINDOW / 2;
  private static final int TOKENS = WINDOW * WINDOW;
  private static final double EPSILON = 1e-5;
  private static final float HIDDEN = -100;

  private final Weights weights = new Weights();
  private final Tensor positions = Tensor.create(relativePositions());
  private final Map<Long, Tensor> masks = new HashMap<>();

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public Tensor forward(Tensor map, boolean fusedAttention) {
    Tensor x = map;
    for (int stage = 0; stage < DEPTHS.length; stage++) {
      String name = "encoder.layers." + stage;
      for (int i = 0; i < DEPTHS[stage]; i++) {
        boolean shifted = i % 2 == 1 && x.size(1) > WINDOW;
        x = block(name + ".blocks." + i, x, shifted, fusedAttention);
      }
      if (stage < DEPTHS.length - 1) {
        x = halved(name + ".downsample", x);
      }
    }
    return weights.layerNorm("layernorm", x, EPSILON);
  }

  private Tensor block(String name, Tensor x, boolean shifted, boolean fusedAttention) {
    long width = x.size(3);
    Tensor normed = weights.layerNorm(name + ".layernorm_before", x, EPSILON);
    Tensor placed = shifted ? rolled(normed, -SHIFT) : normed;
    Tensor attended = attention(name + ".attention", placed, shifted, fusedAttention);
    Tensor middle = x.add(shifted ? rolled(attended, SHIFT) : attended);
    Tensor inner = weights.layerNorm(name + ".layernorm_after", middle, EPSILON);
    inner = torch.gelu(weights.linear(name + ".intermediate.dense", inner, 4 * width));
    return middle.add(weights.linear(name + ".output.dense", inner, width));
  }

  private static Tensor rolled(Tensor map, long by) {
    return torch.roll(map, new long[] {by, by}, new long[] {1, 2});
  }

  private Tensor attention(String name, Tensor map, boolean shifted, boolean fusedAttention) {
    long batch = map.size(0);
    long side = map.size(1);
    long width = map.size(3);
    long heads = width / HEAD_WIDTH;
    Tensor x = Maps.windows(map, WINDOW);
    Tensor q = Maps.heads(weights.linear(name + ".self.query", x, width), heads);
    Tensor k = Maps.heads(weights.linear(name + ".self.key", x, width), heads);
    Tensor v = Maps.heads(weights.linear(name + ".self.value", x, width), heads);
    Tensor bias =
        weights
            .get(name + ".self.relative_position_bias_table", offsets() * offsets(), heads)
            .index_select(0, positions)
            .view(1, TOKENS, TOKENS, heads)
            .permute(0, 3, 1, 2);
    if (shifted) {
      bias = bias.add(mask(side)).repeat(batch, 1, 1, 1);
    }
    Tensor mixed =
        fusedAttention
            ? torch.scaled_dot_product_attention(
                q, k, v, new TensorOptional(bias), 0, false, new DoubleOptional(), false)
            : torch.matmul(
                torch
                    .matmul(q, k.transpose(-1, -2))
                    .mul(new Scalar(1 / Math.sqrt(HEAD_WIDTH)))
                    .add(bias)
                    .softmax(-1),
                v);
    Tensor out = weights.linear(name + ".output.dense", Maps.joined(mixed), width);
    return Maps.map(out, WINDOW, batch, side);
  }

  private Tensor halved(String name, Tensor x) {
    long half = x.size(1) / 2;
    long width = x.size(3);
    // 2 x 2 neighbours in the order that Swin has: down first
    Tensor joined =
        x.view(x.size(0), half, 2, half, 2, width)
            .permute(0, 1, 3, 4, 2, 5)
            .reshape(x.size(0), half, half, 4 * width);
    Tensor normed = weights.layerNorm(name + ".norm", joined, EPSILON);
    return torch.linear(normed, weights.get(name + ".reduction.weight", 2 * width, 4 * width));
  }

  private static long offsets() {
    return 2L * WINDOW - 1;
  }

  private static long[] relativePositions() {
    long[] rows = new long[TOKENS * TOKENS];
    for (int query = 0; query < TOKENS; query++) {
      for (int key = 0; key < TOKENS; key++) {
        long down = query / WINDOW - key / WINDOW + WINDOW - 1;
        long across = query % WINDOW - key % WINDOW + WINDOW - 1;
        rows[query * TOKENS + key] = down * offsets() + across;
      }
    }
    return rows;
  }

  /** {@code [windows, 1, tokens, tokens]}: which tokens of a shifted window were not neighbours. */
  private Tensor mask(long side) {
    return masks.computeIfAbsent(
        side,
        key -> {
          int along = (int) (side / WINDOW);
          float[] values = new float[along * along * TOKENS * TOKENS];
          for (int i = 0; i < values.length; i++) {
            int window = i / (TOKENS * TOKENS);
            int query = i / TOKENS % TOKENS;
            int other = i % TOKENS;
            values[i] =
                region(side, along, window, query) == region(side, along, window, other)
                    ? 0
                    : HIDDEN;
          }
          Tensor mask = Tensor.create(values).view(along * along, 1, TOKENS, TOKENS);
          mask.retainReference();
          return mask;
        });
  }

  private static int region(long side, int along, int window, int token) {
    int row = window / along * WINDOW + token / WINDOW;
    int column = window % along * WINDOW + token % WINDOW;
    return 3 * band(side, row) + band(side, column);
  }

  private static int band(long side, int at) {
    if (at < side - WINDOW) {
      return 0;
    }
    return at < side - SHIFT ? 1 : 2;
  }
}

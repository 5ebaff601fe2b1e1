package dev.mona.benchmark.libtorch;

import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** SAM 2's Hiera-T whose windows shrink to the map; they divide its side in every stage. */
final class Hiera implements ImageEncoder {
  private static final int[] DEPTHS = {1, 2, 7, 2};
  private static final long[] WINDOWS = {8, 4, 14, 7};
  private static final Set<Integer> GLOBAL = Set.of(5, 7, 9);
  private static final double EPSILON = 1e-6;

  private final Weights weights = new Weights();

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public Tensor forward(Tensor map, boolean fusedAttention) {
    Tensor x = map;
    int number = 0;
    for (int stage = 0; stage < DEPTHS.length; stage++) {
      for (int i = 0; i < DEPTHS[stage]; i++) {
        boolean pools = stage > 0 && i == 0;
        // the block that begins a stage keeps the window of the stage before
        long window = Math.min(WINDOWS[pools ? stage - 1 : stage], x.size(1));
        if (GLOBAL.contains(number)) {
          window = x.size(1);
        }
        x = block("blocks." + number++, x, 1L << stage, pools, window, fusedAttention);
      }
    }
    return x;
  }

  private Tensor block(
      String name, Tensor x, long heads, boolean pools, long window, boolean fusedAttention) {
    long width = pools ? 2 * x.size(3) : x.size(3);
    Tensor normed = weights.layerNorm(name + ".norm1", x, EPSILON);
    Tensor shortcut = x;
    if (pools) {
      shortcut = Maps.pooled(weights.linear(name + ".proj", normed, width));
    }
    Tensor cut = Maps.windows(normed, window);
    long cuts = cut.size(0);
    Tensor joint = weights.linear(name + ".attn.qkv", cut, 3 * width).view(cuts, -1, 3, width);
    Tensor query = joint.select(2, 0);
    long side = x.size(1);
    long across = window;
    if (pools) {
      query = Maps.pooled(query.reshape(cuts, window, window, width));
      side /= 2;
      across /= 2;
    }
    Tensor q = Maps.heads(query.reshape(cuts, across * across, width), heads);
    Tensor k = Maps.heads(joint.select(2, 1).contiguous(), heads);
    Tensor v = Maps.heads(joint.select(2, 2).contiguous(), heads);
    Tensor mixed = Encoder.attention(q, k, v, fusedAttention);
    Tensor out = weights.linear(name + ".attn.proj", Maps.joined(mixed), width);
    Tensor middle = shortcut.add(Maps.map(out, across, x.size(0), side));
    Tensor inner = weights.layerNorm(name + ".norm2", middle, EPSILON);
    inner = torch.gelu(weights.linear(name + ".mlp.layers.0", inner, 4 * width));
    return middle.add(weights.linear(name + ".mlp.layers.1", inner, width));
  }
}

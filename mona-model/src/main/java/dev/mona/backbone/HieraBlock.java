package dev.mona.backbone;

import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Linear;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;

/**
 * A pre-norm block of Hiera: attention within windows, residual, feed-forward of four times the
 * width, residual. One that begins a stage also pools its queries, and its residual, over 2 x 2
 * tokens.
 *
 * @param name prefix of its parameters, e.g. {@code blocks.0}
 * @param inputs width of a token before; another one than after where the block begins a stage
 * @param width width of a token after
 * @param heads attention heads
 * @param epsilon of the layer norms
 */
record HieraBlock(String name, int inputs, int width, int heads, double epsilon) {
  private static final int GROUP = 2;

  private LayerNorm norm(int i) {
    return new LayerNorm(name + ".norm" + i, i == 1 ? inputs : width, epsilon);
  }

  private Linear queriesKeysValues() {
    return new Linear(name + ".attn.qkv", inputs, 3 * width);
  }

  private Linear projection() {
    return new Linear(name + ".attn.proj", width, width);
  }

  /** Of the residual where the width changes. */
  private Linear residual() {
    return new Linear(name + ".proj", inputs, width);
  }

  private Linear feedForward(int i) {
    return new Linear(
        name + ".mlp.layers." + i, i == 0 ? width : 4 * width, i == 0 ? 4 * width : width);
  }

  private boolean pools() {
    return inputs != width;
  }

  /** Side of the group of tokens that becomes one. */
  int group() {
    return pools() ? GROUP : 1;
  }

  void declare(ParameterLayout.Builder layout) {
    norm(1).declare(layout);
    queriesKeysValues().declare(layout, Role.QUERY_KEY_VALUE);
    projection().declare(layout, Role.ATTENTION_OUTPUT);
    if (pools()) {
      residual().declare(layout);
    }
    norm(2).declare(layout);
    feedForward(0).declare(layout, Role.FEED_FORWARD);
    feedForward(1).declare(layout, Role.FEED_FORWARD);
  }

  /**
   * Records the block.
   *
   * @param x tokens of maps {@code [n, inputs]}
   * @param windows of those maps, with groups of {@link #group}
   * @param dropout of what attention and feed-forward add
   * @return {@code [n / group^2, width]}
   */
  Variable apply(Leaves parameters, Variable x, Windows windows, Dropout dropout) {
    Variable normed = norm(1).apply(parameters, x);
    Variable shortcut = pools() ? residual().apply(parameters, normed) : x;
    Variable inWindows = windows.partition(normed);
    Variable query = part(parameters, inWindows, 0);
    int length = windows.tokens();
    if (pools()) {
      shortcut = windows.merge(windows.partition(shortcut).groupMax(GROUP * GROUP));
      query = query.groupMax(GROUP * GROUP);
      length /= GROUP * GROUP;
    }
    double scale = 1 / Math.sqrt((double) width / heads);
    Variable mixed =
        query
            .attentionScores(part(parameters, inWindows, 1), heads, length, scale)
            .softmax()
            .attentionMix(part(parameters, inWindows, 2));
    Variable attended = windows.merge(projection().apply(parameters, mixed));
    Variable middle = shortcut.add(dropout.apply(projection().name(), attended));
    Variable inner = feedForward(0).apply(parameters, norm(2).apply(parameters, middle)).gelu();
    Variable output = feedForward(1).apply(parameters, inner);
    return middle.add(dropout.apply(feedForward(1).name(), output));
  }

  /** Queries, keys or values: a third of the joint projection. */
  private Variable part(Leaves parameters, Variable x, int third) {
    long from = (long) third * width;
    return queriesKeysValues().apply(parameters, x, from, from + width);
  }
}

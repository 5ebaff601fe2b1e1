package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import dev.mona.nn.Dropout;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Linear;
import dev.mona.nn.ShapeCache;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;

/**
 * A pre-norm block of Swin: attention within windows with a relative position bias, residual,
 * feed-forward of four times the width, residual. Hugging Face's names.
 *
 * @param name prefix of its parameters, e.g. {@code encoder.layers.0.blocks.0}
 * @param width width of a token
 * @param heads attention heads
 * @param window side of a window in tokens
 * @param epsilon of the layer norms
 */
record SwinBlock(String name, int width, int heads, int window, double epsilon) {
  private static final ShapeCache<Integer, RowIndex> POSITIONS =
      new ShapeCache<>(SwinBlock::relativePositions);

  private LayerNorm before() {
    return new LayerNorm(name + ".layernorm_before", width, epsilon);
  }

  private LayerNorm after() {
    return new LayerNorm(name + ".layernorm_after", width, epsilon);
  }

  private Linear attention(String role) {
    return new Linear(name + ".attention." + role, width, width);
  }

  private Linear expand() {
    return new Linear(name + ".intermediate.dense", width, 4 * width);
  }

  private Linear contract() {
    return new Linear(name + ".output.dense", 4 * width, width);
  }

  private String biasTable() {
    return name + ".attention.self.relative_position_bias_table";
  }

  void declare(ParameterLayout.Builder layout) {
    before().declare(layout);
    long offsets = 2L * window - 1;
    layout.add(Role.SCORES, biasTable(), offsets * offsets, heads);
    attention("self.query").declare(layout, Role.QUERY);
    attention("self.key").declare(layout, Role.KEY);
    attention("self.value").declare(layout, Role.VALUE);
    attention("output.dense").declare(layout, Role.ATTENTION_OUTPUT);
    after().declare(layout);
    expand().declare(layout, Role.FEED_FORWARD);
    contract().declare(layout, Role.FEED_FORWARD);
  }

  /** Records the block: tokens of maps {@code [n, width]} to the same shape. */
  Variable apply(Tape tape, Leaves parameters, Variable x, Windows windows, Dropout dropout) {
    Variable inWindows = windows.partition(before().apply(parameters, x));
    int n = windows.tokens();
    double scale = 1 / Math.sqrt((double) width / heads);
    Variable scores =
        attention("self.query")
            .apply(parameters, inWindows)
            .attentionScores(attention("self.key").apply(parameters, inWindows), heads, n, scale)
            .add(bias(parameters, n));
    Variable mixed =
        windows
            .mask(tape, scores)
            .softmax()
            .attentionMix(attention("self.value").apply(parameters, inWindows));
    Variable attended = windows.merge(attention("output.dense").apply(parameters, mixed));
    Variable middle = x.add(dropout.apply(attention("output.dense").name(), attended));
    Variable inner = expand().apply(parameters, after().apply(parameters, middle)).gelu();
    Variable output = contract().apply(parameters, inner);
    return middle.add(dropout.apply(contract().name(), output));
  }

  /** The relative position bias {@code [heads, n, n]}. */
  private Variable bias(Leaves parameters, int n) {
    return parameters
        .get(biasTable())
        .gatherRows(POSITIONS.get(window))
        .permute(1, 0)
        .reshape(heads, n, n);
  }

  /** The row of the table for each query and key of a window. */
  private static RowIndex relativePositions(int window) {
    int n = window * window;
    int[] rows = new int[n * n];
    for (int query = 0; query < n; query++) {
      for (int key = 0; key < n; key++) {
        int down = query / window - key / window + window - 1;
        int across = query % window - key % window + window - 1;
        rows[query * n + key] = down * (2 * window - 1) + across;
      }
    }
    return new RowIndex(rows);
  }
}

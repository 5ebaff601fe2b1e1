package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hiera (Ryali et al., ICML 2023) behind its patch embedding, in the form and with the names of SAM
 * 2's trunk. A stage begins by halving the map and doubling width and heads; the block that does so
 * keeps the window of the stage before.
 *
 * @param inputWidth width of the first stage
 * @param heads heads of the first stage
 * @param blocks of its stages
 * @param fit what a window does where the map is smaller
 * @param epsilon of every layer norm
 */
public record HieraTransformer(
    int inputWidth, int heads, Blocks blocks, WindowFit fit, double epsilon) implements Backbone {

  /**
   * The blocks of all stages.
   *
   * @param depths blocks of each stage
   * @param windows window of each stage, in tokens of its side; even but for the last
   * @param global blocks without windows, counted from 0 over all stages
   */
  public record Blocks(List<Integer> depths, List<Integer> windows, Set<Integer> global)
      implements Serializable {
    public Blocks {
      depths = List.copyOf(depths);
      windows = List.copyOf(windows);
      global = Collections.unmodifiableSortedSet(new TreeSet<>(global));
    }
  }

  public HieraTransformer {
    List<Integer> windows = blocks.windows();
    Limits.requireStages(inputWidth, blocks.depths(), windows, "windows");
    Limits.require(heads, 1, 256, "number of heads");
    Limits.requireMultiple(inputWidth, heads);
    Limits.requireEpsilon(epsilon);
    for (int stage = 0; stage < windows.size(); stage++) {
      Limits.require(windows.get(stage), 1, 64, "window of stage " + (stage + 1));
      if (stage < windows.size() - 1 && windows.get(stage) % 2 != 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "window %d of stage %d is odd, and the next stage halves it",
                windows.get(stage),
                stage + 1));
      }
    }
    int last = blocks.depths().stream().mapToInt(Integer::intValue).sum() - 1;
    blocks.global().forEach(block -> Limits.require(block, 0, last, "global block"));
  }

  public int stages() {
    return blocks.depths().size();
  }

  /** Width of a token in a stage, counted from 0. */
  public int width(int stage) {
    return inputWidth << stage;
  }

  private List<List<HieraBlock>> blocksOfStages() {
    List<List<HieraBlock>> stages = new ArrayList<>();
    int number = 0;
    for (int stage = 0; stage < stages(); stage++) {
      List<HieraBlock> ofStage = new ArrayList<>();
      for (int i = 0; i < blocks.depths().get(stage); i++) {
        boolean pools = stage > 0 && i == 0;
        ofStage.add(
            new HieraBlock(
                "blocks." + number++,
                width(pools ? stage - 1 : stage),
                width(stage),
                heads << stage,
                epsilon));
      }
      stages.add(ofStage);
    }
    return stages;
  }

  @Override
  public int width() {
    return width(stages() - 1);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    blocksOfStages().forEach(stage -> stage.forEach(block -> block.declare(layout.nextLayer())));
    return layout.build();
  }

  /** The output of the last stage. */
  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    List<Tokens> stages = encodeStages(parameters, tokens, dropout);
    return stages.get(stages.size() - 1);
  }

  /**
   * Records the encoder.
   *
   * @param tokens sides of the map are multiples of 2 for each stage after the first
   * @return the output of each stage {@code s}, of width {@code W 2^s} on a map of {@code height /
   *     2^s x width / 2^s}
   */
  public List<Tokens> encodeStages(Leaves parameters, Tokens tokens, Dropout dropout) {
    requireHalves(tokens.height(), tokens.width());
    List<Tokens> outputs = new ArrayList<>();
    Variable x = tokens.values();
    int batch = tokens.batch();
    int number = 0;
    int rows = tokens.height();
    int columns = tokens.width();
    int side = blocks.windows().get(0);
    for (List<HieraBlock> stage : blocksOfStages()) {
      for (HieraBlock block : stage) {
        boolean global = blocks.global().contains(number++);
        Windows windows = windows(batch, rows, columns, global ? 0 : side, block);
        x = block.apply(parameters, x, windows, dropout);
        rows /= block.group();
        columns /= block.group();
        side = blocks.windows().get(outputs.size());
      }
      outputs.add(new Tokens(x, batch, rows, columns));
    }
    return outputs;
  }

  private void requireHalves(int height, int width) {
    int least = 1 << (stages() - 1);
    if (height % least != 0 || width % least != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a map of %d x %d tokens cannot be halved %d times",
              height,
              width,
              stages() - 1));
    }
  }

  /** Windows of a side, 0 for the whole map. */
  private Windows windows(int batch, int rows, int columns, int side, HieraBlock block) {
    boolean capped = fit == WindowFit.CAPPED;
    int high = side == 0 || (capped && side > rows) ? rows : side;
    int wide = side == 0 || (capped && side > columns) ? columns : side;
    return Windows.of(batch, rows, columns, high, wide, block.group());
  }
}

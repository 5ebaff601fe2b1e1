package dev.mona.autodiff;

import dev.mona.tensor.HostFloats;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The largest of each {@code size} consecutive rows, column by column: {@code [N * size, W]} to
 * {@code [N, W]}. Of equals the first one counts, and it alone gets the gradient. The tangent takes
 * the elements that the value took.
 */
final class GroupMax extends Operation {
  private final int size;

  /** Which row of its group, {@code [N, W]}; null until the forward pass has chosen. */
  private @Nullable INDArray chosen;

  GroupMax(int size) {
    this(size, null);
  }

  private GroupMax(int size, @Nullable INDArray chosen) {
    this.size = size;
    this.chosen = chosen;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    long n = x.size(0) / size;
    INDArray choice = chosen;
    if (choice == null) {
      choice = arena.take(n, x.size(1));
      choose(x, choice);
      chosen = choice;
    }
    INDArray out = arena.take(n, x.size(1));
    if (HostBlocks.reach(x, choice, out)) {
      pick(HostFloats.view(x), HostFloats.view(choice), HostFloats.view(out), (int) x.size(1));
    } else {
      for (long i = 0; i < out.length(); i++) {
        out.putScalar(i, x.getDouble(at(i, choice.getDouble(i), x.size(1))));
      }
    }
    return out;
  }

  /** Where in the input element {@code i} of the output comes from. */
  private long at(long i, double choice, long width) {
    return (i / width * size + (long) choice) * width + i % width;
  }

  private void choose(INDArray x, INDArray choice) {
    long width = x.size(1);
    if (HostBlocks.reach(x, choice)) {
      choose(HostFloats.view(x), HostFloats.view(choice), (int) width);
      return;
    }
    for (long i = 0; i < choice.length(); i++) {
      int best = 0;
      for (int k = 1; k < size; k++) {
        if (x.getDouble(at(i, k, width)) > x.getDouble(at(i, best, width))) {
          best = k;
        }
      }
      choice.putScalar(i, best);
    }
  }

  private void choose(FloatBuffer x, FloatBuffer choice, int width) {
    eachGroup(
        choice,
        width,
        (n, group, best, more) -> {
          x.get(n * size * width, group, 0, size * width);
          for (int j = 0; j < width; j++) {
            int row = 0;
            for (int k = 1; k < size; k++) {
              if (group[k * width + j] > group[row * width + j]) {
                row = k;
              }
            }
            best[j] = row;
          }
          choice.put(n * width, best, 0, width);
        });
  }

  private void pick(FloatBuffer x, FloatBuffer choice, FloatBuffer out, int width) {
    eachGroup(
        choice,
        width,
        (n, group, best, more) -> {
          x.get(n * size * width, group, 0, size * width);
          choice.get(n * width, best, 0, width);
          for (int j = 0; j < width; j++) {
            best[j] = group[((int) best[j]) * width + j];
          }
          out.put(n * width, best, 0, width);
        });
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    INDArray sum = reverse.gradientOrZeros(inputs[0]);
    INDArray choice = Objects.requireNonNull(chosen);
    if (HostBlocks.reach(sum, choice, gradient)) {
      FloatBuffer sums = HostFloats.view(sum);
      add(HostFloats.view(gradient), HostFloats.view(choice), sums, (int) sum.size(1));
      return;
    }
    for (long i = 0; i < gradient.length(); i++) {
      long to = at(i, choice.getDouble(i), sum.size(1));
      sum.putScalar(to, sum.getDouble(to) + gradient.getDouble(i));
    }
  }

  private void add(FloatBuffer gradient, FloatBuffer choice, FloatBuffer sum, int width) {
    eachGroup(
        choice,
        width,
        (n, group, best, more) -> {
          sum.get(n * size * width, group, 0, size * width);
          choice.get(n * width, best, 0, width);
          gradient.get(n * width, more, 0, width);
          for (int j = 0; j < width; j++) {
            group[((int) best[j]) * width + j] += more[j];
          }
          sum.put(n * size * width, group, 0, size * width);
        });
  }

  /** A pass over groups. */
  private interface Body {
    /**
     * Takes one group.
     *
     * @param n number of the group
     * @param group memory for its rows
     * @param best memory for one row
     * @param more memory for another
     */
    void accept(int n, float[] group, float[] best, float[] more);
  }

  private void eachGroup(FloatBuffer choice, int width, Body body) {
    HostThreads.runRows(
        choice.capacity() / width,
        size * width,
        () -> {
          float[] group = HostBlocks.MEMORY.atLeast(0, size * width);
          float[] best = HostBlocks.MEMORY.atLeast(1, width);
          float[] more = HostBlocks.MEMORY.atLeast(2, width);
          return n -> body.accept(n, group, best, more);
        });
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    return x.tape().record(new GroupMax(size, chosen), x);
  }
}

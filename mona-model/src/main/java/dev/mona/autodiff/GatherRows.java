package dev.mona.autodiff;

import dev.mona.tensor.HostFloats;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a matrix in any order and number, zeros where the index is {@link RowIndex#ZERO}:
 * windows, shifts, padding and tables are all this.
 */
final class GatherRows extends Operation {
  private final RowIndex index;

  GatherRows(RowIndex index) {
    this.index = index;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray out = arena.take(index.size(), x.size(1));
    if (HostBlocks.reach(x, out)) {
      copy(HostFloats.view(x), HostFloats.view(out), (int) x.size(1));
    } else {
      reference(x, out);
    }
    return out;
  }

  private void copy(FloatBuffer from, FloatBuffer to, int width) {
    HostThreads.runRows(
        index.size(),
        width,
        () -> {
          float[] zeros = HostBlocks.MEMORY.atLeast(0, width);
          Arrays.fill(zeros, 0, width, 0);
          return i -> {
            int row = index.row(i);
            if (row == RowIndex.ZERO) {
              to.put(i * width, zeros, 0, width);
            } else {
              to.put(i * width, from, row * width, width);
            }
          };
        });
  }

  private void reference(INDArray x, INDArray out) {
    for (int i = 0; i < index.size(); i++) {
      if (index.row(i) == RowIndex.ZERO) {
        out.getRow(i).assign(0);
      } else {
        out.getRow(i).assign(x.getRow(index.row(i)));
      }
    }
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    INDArray known = reverse.gradient(inputs[0]);
    INDArray sum = known == null ? reverse.fresh(inputs[0]) : known;
    if (HostBlocks.reach(sum, gradient)) {
      add(HostFloats.view(gradient), HostFloats.view(sum), (int) sum.size(1), known == null);
    } else {
      if (known == null) {
        sum.assign(0);
      }
      referenceAdd(gradient, sum);
    }
  }

  /** Each row of the sum gets what went out from it, in the order of the gathered rows. */
  private void add(FloatBuffer gradient, FloatBuffer sum, int width, boolean fresh) {
    HostThreads.runRows(
        sum.capacity() / width,
        width,
        () -> {
          float[] row = HostBlocks.MEMORY.atLeast(0, width);
          float[] more = HostBlocks.MEMORY.atLeast(1, width);
          return r -> {
            if (fresh) {
              Arrays.fill(row, 0, width, 0);
            } else {
              sum.get(r * width, row, 0, width);
            }
            for (int k = index.first(r); k < index.first(r + 1); k++) {
              gradient.get(index.place(k) * width, more, 0, width);
              for (int j = 0; j < width; j++) {
                row[j] += more[j];
              }
            }
            sum.put(r * width, row, 0, width);
          };
        });
  }

  private void referenceAdd(INDArray gradient, INDArray sum) {
    for (int i = 0; i < index.size(); i++) {
      if (index.row(i) != RowIndex.ZERO) {
        sum.getRow(index.row(i)).addi(gradient.getRow(i));
      }
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).gatherRows(index);
  }
}

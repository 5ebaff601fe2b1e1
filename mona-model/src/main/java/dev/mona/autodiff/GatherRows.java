package dev.mona.autodiff;

import dev.mona.tensor.HostFloats;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a matrix in any order and number, zeros where the index is {@link #ZERO}: windows,
 * shifts, padding and tables are all this.
 */
final class GatherRows extends Operation {
  /** Index of a row of zeros. */
  static final int ZERO = -1;

  private final int[] rows;

  /** The array is kept, not copied: callers make it once for each shape and share it. */
  GatherRows(int[] rows) {
    this.rows = rows;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray out = arena.take(rows.length, x.size(1));
    if (HostBlocks.reach(x, out)) {
      copy(HostFloats.view(x), HostFloats.view(out), (int) x.size(1));
    } else {
      reference(x, out);
    }
    return out;
  }

  private void copy(FloatBuffer from, FloatBuffer to, int width) {
    float[] zeros = new float[width];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == ZERO) {
        to.put(i * width, zeros);
      } else {
        to.put(i * width, from, rows[i] * width, width);
      }
    }
  }

  private void reference(INDArray x, INDArray out) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == ZERO) {
        out.getRow(i).assign(0);
      } else {
        out.getRow(i).assign(x.getRow(rows[i]));
      }
    }
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    INDArray sum = reverse.gradientOrZeros(inputs[0]);
    if (HostBlocks.reach(sum, gradient)) {
      add(HostFloats.view(gradient), HostFloats.view(sum), (int) sum.size(1));
    } else {
      referenceAdd(gradient, sum);
    }
  }

  /** One row after the other: rows that were taken twice get both gradients in a fixed order. */
  private void add(FloatBuffer gradient, FloatBuffer sum, int width) {
    float[] more = new float[width];
    float[] row = new float[width];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != ZERO) {
        gradient.get(i * width, more);
        sum.get(rows[i] * width, row);
        for (int j = 0; j < width; j++) {
          row[j] += more[j];
        }
        sum.put(rows[i] * width, row);
      }
    }
  }

  private void referenceAdd(INDArray gradient, INDArray sum) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != ZERO) {
        sum.getRow(rows[i]).addi(gradient.getRow(i));
      }
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).gatherRows(rows);
  }
}

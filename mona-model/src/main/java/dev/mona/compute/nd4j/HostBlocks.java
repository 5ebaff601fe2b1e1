package dev.mona.compute.nd4j;

import dev.mona.compute.Array;
import dev.mona.compute.HostScratch;
import dev.mona.compute.Target;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A pass over the rows of float arrays in host memory, in blocks of rows that stay in the
 * first-level cache. A kernel gets one block of each array as {@code float[]}, all with the same
 * index for the same element: of such loops the JIT compiler makes vector instructions. ND4J needs
 * one pass over memory for each elementary operation; a kernel does all of an operation in one.
 *
 * <p>The blocks depend on the shapes alone, so the result does not depend on the number of threads.
 */
final class HostBlocks {
  /** Elements of a block, about. */
  private static final int SIZE = 2048;

  /** A function of one block. */
  interface Kernel {
    /**
     * Computes one block.
     *
     * @param arrays the block of each array, row-major, in the order in which they were named
     * @param rows rows of this block
     */
    void apply(float[][] arrays, int rows);
  }

  /** What one block has of an array. */
  private enum Part {
    /** As many rows of it as of the pass. */
    ROWS,
    /** One row of its own. */
    ONE_ROW,
    /** Its only row, once for each row of the pass. */
    REPEATED
  }

  /** One array of the pass; {@code width} elements per row. */
  private record Operand(FloatBuffer values, int width, boolean loaded, boolean stored, Part part) {
    int length(int rows) {
      return part == Part.ONE_ROW ? width : rows * width;
    }

    /** Repeats the row of an array that has one only. */
    void fill(float[] array, int rows) {
      for (int r = 0; part == Part.REPEATED && r < rows; r++) {
        values.get(0, array, r * width, width);
      }
    }

    int start(int block, int blockRows) {
      return switch (part) {
        case ROWS -> block * blockRows * width;
        case ONE_ROW -> block * width;
        case REPEATED -> 0;
      };
    }
  }

  /**
   * By operand, as large as the largest block that a thread has seen; for rows of other kernels
   * too.
   */
  static final HostScratch MEMORY = new HostScratch();

  private final int rows;
  private final int blockRows;
  private final List<Operand> operands = new ArrayList<>();

  private HostBlocks(int rows, int blockRows) {
    this.rows = rows;
    this.blockRows = blockRows;
  }

  /** Element by element. */
  static HostBlocks elements(Array like) {
    return new HostBlocks((int) like.length(), SIZE);
  }

  /** Row by row of the last axis. */
  static HostBlocks rows(Array like) {
    int width = (int) like.size(-1);
    return new HostBlocks((int) (like.length() / width), Math.max(1, 2 * SIZE / width));
  }

  /** How many blocks there are. */
  int blocks() {
    return (rows + blockRows - 1) / blockRows;
  }

  /** An array that is read. */
  HostBlocks read(Array array) {
    return add(array, rows, true, false, Part.ROWS);
  }

  /** An array that is written. */
  HostBlocks write(Array array) {
    return add(array, rows, false, true, Part.ROWS);
  }

  /** An array that is changed. */
  HostBlocks update(Array array) {
    return add(array, rows, true, true, Part.ROWS);
  }

  /** An array that is changed where the target adds, else written. */
  HostBlocks sum(Target target) {
    return add(target.array(), rows, target.add(), true, Part.ROWS);
  }

  /** An array of which each block writes one row. */
  HostBlocks writePerBlock(Array array) {
    return add(array, blocks(), false, true, Part.ONE_ROW);
  }

  /** An array of one row that is read, seen as if it had as many as the pass. */
  HostBlocks repeat(Array array) {
    return add(array, 1, true, false, Part.REPEATED);
  }

  /** Memory for the kernel's own use, {@code width} elements per row, with undefined contents. */
  HostBlocks scratch(int width) {
    operands.add(new Operand(FloatBuffer.allocate(0), width, false, false, Part.ROWS));
    return this;
  }

  private HostBlocks add(Array array, int arrayRows, boolean loaded, boolean stored, Part part) {
    FloatBuffer values = Nd4jArray.of(array).floats();
    operands.add(new Operand(values, values.capacity() / arrayRows, loaded, stored, part));
    return this;
  }

  void run(Kernel kernel) {
    HostThreads.run(
        blocks(),
        () -> {
          float[][] arrays = new float[operands.size()][];
          for (int i = 0; i < arrays.length; i++) {
            arrays[i] = MEMORY.atLeast(i, operands.get(i).length(blockRows));
            operands.get(i).fill(arrays[i], blockRows);
          }
          return block -> run(kernel, arrays, block);
        });
  }

  private void run(Kernel kernel, float[][] arrays, int block) {
    int n = Math.min(blockRows, rows - block * blockRows);
    for (int i = 0; i < arrays.length; i++) {
      Operand operand = operands.get(i);
      if (operand.loaded() && operand.part() != Part.REPEATED) {
        operand.values().get(operand.start(block, blockRows), arrays[i], 0, operand.length(n));
      }
    }
    kernel.apply(arrays, n);
    for (int i = 0; i < arrays.length; i++) {
      Operand operand = operands.get(i);
      if (operand.stored()) {
        operand.values().put(operand.start(block, blockRows), arrays[i], 0, operand.length(n));
      }
    }
  }
}

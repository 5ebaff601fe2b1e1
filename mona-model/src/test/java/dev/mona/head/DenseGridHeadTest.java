package dev.mona.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.Parameters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The head against one that makes all pixels of all channels and then pools them in loops. */
class DenseGridHeadTest {
  private static final double EPSILON = 1e-5;
  private static final int SIDE = 32;

  private record Reference(DenseGridHead head, int batch, int rows, int columns)
      implements HeadReference.Function {

    @Override
    public double[] predict(double[] h, double[] tokens) {
      int width = head.width();
      double[] normed = HeadReference.normalised(tokens, h, 0, width, width, EPSILON);
      double[] predicted = new double[batch * head.outputs() * head.height() * head.columns()];
      int at = 0;
      for (int b = 0; b < batch; b++) {
        double[][][] pixels = pixels(h, normed, b);
        for (int c = 0; c < head.outputs(); c++) {
          for (int y = 0; y < head.height(); y++) {
            for (int x = 0; x < head.columns(); x++) {
              predicted[at++] = pooled(pixels, c, y, x);
            }
          }
        }
      }
      return predicted;
    }

    /** Channel, row and column, as a pixel shuffle orders what the linear map gives. */
    private double[][][] pixels(double[] h, double[] normed, int sample) {
      int width = head.width();
      int weight = 2 * width;
      int bias = weight + 3 * SIDE * SIDE * width;
      double[][][] pixels = new double[3][rows * SIDE][columns * SIDE];
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < rows * SIDE; y++) {
          for (int x = 0; x < columns * SIDE; x++) {
            int token = (sample * rows + y / SIDE) * columns + x / SIDE;
            int row = (c * SIDE + y % SIDE) * SIDE + x % SIDE;
            double sum = h[bias + row];
            for (int w = 0; w < width; w++) {
              sum += h[weight + row * width + w] * normed[token * width + w];
            }
            pixels[c][y][x] = sum;
          }
        }
      }
      return pixels;
    }

    private double pooled(double[][][] pixels, int output, int row, int column) {
      double sum = 0;
      int n = 0;
      for (int c = start(output, 3, head.outputs()); c < end(output, 3, head.outputs()); c++) {
        int down = rows * SIDE;
        for (int y = start(row, down, head.height()); y < end(row, down, head.height()); y++) {
          int across = columns * SIDE;
          int last = end(column, across, head.columns());
          for (int x = start(column, across, head.columns()); x < last; x++) {
            sum += pixels[c][y][x];
            n++;
          }
        }
      }
      return sum / n;
    }

    private static int start(int i, int inputs, int outputs) {
      return (int) Math.floor((double) i * inputs / outputs);
    }

    private static int end(int i, int inputs, int outputs) {
      return (int) Math.ceil((double) (i + 1) * inputs / outputs);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 60, 2, 2, 2",
    "2, 5, 7, 2, 1, 3",
    "3, 64, 33, 1, 2, 1",
    "4, 1, 40, 1, 1, 2",
    "1, 85, 85, 1, 7, 7"
  })
  void isItsDefinitionInEveryDerivative(
      int outputs, int height, int columns, int batch, int rows, int across) {
    int width = 5;
    DenseGridHead head = new DenseGridHead(width, outputs, height, columns, EPSILON);
    Reference reference = new Reference(head, batch, rows, across);
    new HeadReference(head, reference, batch, rows, across, width, 17).check(1e-6);
  }

  /** The largest of the tasks: 512 x 512 values of 7 x 7 tokens, in float. */
  @Test
  void predictsAGridLargerThanItsPixels() {
    DenseGridHead head = new DenseGridHead(6, 1, 512, 512, EPSILON);
    Parameters h = Parameters.zeros(head.layout(), TestDevice.floats());
    Values.gaussian(new Random(1), h.length()).into(h.vector());
    double[] tokens = Values.gaussian(new Random(2), 49 * 6).flat();
    float[] values = new float[tokens.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tokens[i];
      tokens[i] = values[i];
    }
    double[] expected = new Reference(head, 1, 7, 7).predict(Values.of(h.vector()).flat(), tokens);
    try (Tape tape = new Tape(TestDevice.floats())) {
      Variable leaf = tape.constant(values, 49, 6);
      Variable predicted = head.apply(tape, Leaves.of(tape, h), new Tokens(leaf, 1, 7, 7));
      double[] field = Values.of(predicted.value()).flat();
      double largest = 0;
      for (int i = 0; i < field.length; i++) {
        largest = Math.max(largest, Math.abs(field[i] - expected[i]));
      }
      assertThat(largest).isLessThan(1e-4);
    }
  }
}

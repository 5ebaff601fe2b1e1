package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.weights.OrtInitializers;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The trunk of SAM 2's tiny model in an image encoder that was exported to ONNX Runtime for images
 * of 1024 x 1024. The export keeps the names of biases and norms; it stores a linear weight
 * transposed, under the path of its module, and the two position tables as their sum.
 */
public final class Sam2Export {
  private static final String NAMED = "model.image_encoder.trunk.";
  private static final String TRANSPOSED = "/image_encoder/trunk/";
  private static final String TRANSPOSED_END = "/Transpose_output_0";
  private static final String POSITIONS = TRANSPOSED + "Transpose_output_0";
  private static final int SIDE = 256;

  /** Of a position table; its values are near 1, and it was summed in single precision. */
  private static final double LARGEST_RESIDUAL = 1e-5;

  private Sam2Export() {}

  /**
   * The pretrained trunk.
   *
   * @param file the whole .ort file
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when it holds no such trunk
   */
  public static EncoderCheckpoint read(byte[] file, String where) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (WeightTensor stored : OrtInitializers.read(file, where).values()) {
      String name = stored.name();
      if (name.startsWith(NAMED)) {
        put(tensors, name.substring(NAMED.length()), stored);
      } else if (name.equals(POSITIONS)) {
        putPositions(tensors, stored, where);
      } else if (name.startsWith(TRANSPOSED)
          && name.endsWith(TRANSPOSED_END)
          && stored.shape().length == 2) {
        String module =
            name.substring(TRANSPOSED.length(), name.length() - TRANSPOSED_END.length());
        put(tensors, module.replace('/', '.') + ".weight", transposed(stored));
      }
    }
    return EncoderCheckpoint.of(Hiera.SAM2_TINY, tensors, where);
  }

  private static void put(Map<String, WeightTensor> tensors, String name, WeightTensor stored) {
    put(tensors, name, stored.values(), stored.shape());
  }

  private static void put(
      Map<String, WeightTensor> tensors, String name, float[] values, long... shape) {
    tensors.put(name, new WeightTensor(name, shape, values));
  }

  private static WeightTensor transposed(WeightTensor stored) {
    int in = (int) stored.shape()[0];
    int out = (int) stored.shape()[1];
    float[] values = new float[in * out];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        values[o * in + i] = stored.values()[i * out + o];
      }
    }
    return new WeightTensor(stored.name(), new long[] {out, in}, values);
  }

  private static void putPositions(
      Map<String, WeightTensor> tensors, WeightTensor table, String where) {
    Hiera tiny = Hiera.SAM2_TINY;
    int width = tiny.backbone().inputWidth();
    int positions = tiny.positions();
    int window = tiny.backbone().blocks().windows().get(0);
    if (!Arrays.equals(table.shape(), new long[] {1, width, SIDE, SIDE})) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "The position table of %s is %s and must be [1, %d, %d, %d]; give the export of SAM 2 tiny",
              where,
              Arrays.toString(table.shape()),
              width,
              SIDE,
              SIDE));
    }
    FoldedPositions folded = FoldedPositions.of(table.values(), width, SIDE, positions, window);
    if (!(folded.residual() <= LARGEST_RESIDUAL)) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "The position table of %s is off by %.2g from a sum of SAM 2's two; fetch it again",
              where,
              folded.residual()));
    }
    put(tensors, Hiera.POSITION_TABLE, folded.coarse(), 1, width, positions, positions);
    put(tensors, Hiera.WINDOW_TABLE, folded.window(), 1, width, window, window);
  }
}

package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialFloatsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, (1 << 14) - 1, 1 << 14, (1 << 14) + 1, 100_003})
  void everyBitComesBack(int length) throws Exception {
    float[] values = new float[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    float[] back = ((SerialFloats) sent(new SerialFloats(values))).values();
    assertThat(bits(back)).isEqualTo(bits(values));
  }

  @Test
  void aStateComesBackWhole() throws Exception {
    TrainingState state = new TrainingState(new float[] {1, -0f}, new float[] {3, 4, 5, 6}, 7);
    assertThat(sent(state)).isEqualTo(state).isNotSameAs(state);
  }

  private static Object sent(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}

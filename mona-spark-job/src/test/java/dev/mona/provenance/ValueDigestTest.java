package dev.mona.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.storage.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueDigestTest {
  /** Sizes around the block that is digested at once, against a plain stream of the same bytes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, (1 << 14) - 1, 1 << 14, (1 << 14) + 1, 40_000})
  void isThatOfLengthsAndValuesInOneStream(int n) throws IOException {
    Random random = new Random(n);
    float[] floats = new float[n];
    int[] ints = random.ints(n).toArray();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(n);
    for (int i = 0; i < n; i++) {
      floats[i] = random.nextFloat();
      out.writeFloat(floats[i]);
    }
    out.writeInt(n);
    for (int value : ints) {
      out.writeInt(value);
    }
    out.writeInt(2);
    out.write("é".getBytes(StandardCharsets.UTF_8));
    assertThat(new ValueDigest().add(floats).add(ints).add("é").sha256())
        .isEqualTo(Sha256.of(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void whereOneArrayEndsCounts() {
    assertThat(new ValueDigest().add(new int[] {1, 2}).add(new int[] {3}).sha256())
        .isNotEqualTo(new ValueDigest().add(new int[] {1}).add(new int[] {2, 3}).sha256());
  }
}

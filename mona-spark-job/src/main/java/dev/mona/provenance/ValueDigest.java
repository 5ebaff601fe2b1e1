package dev.mona.provenance;

import dev.mona.storage.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** SHA-256 of values in memory: lengths and values, big-endian. */
final class ValueDigest {
  private static final int BLOCK = 1 << 14;

  private final MessageDigest digest = Sha256.digest();
  private final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * BLOCK);

  ValueDigest add(float[] values) {
    return add(values.length, (at, n) -> bytes.asFloatBuffer().put(values, at, n));
  }

  ValueDigest add(int[] values) {
    return add(values.length, (at, n) -> bytes.asIntBuffer().put(values, at, n));
  }

  ValueDigest add(byte[] values) {
    length(values.length);
    digest.update(values);
    return this;
  }

  private ValueDigest add(int total, Fill fill) {
    length(total);
    for (int at = 0; at < total; at += BLOCK) {
      int n = Math.min(BLOCK, total - at);
      bytes.clear();
      fill.put(at, n);
      digest.update(bytes.array(), 0, Integer.BYTES * n);
    }
    return this;
  }

  /** Puts values of four bytes each at the start of the block. */
  private interface Fill {
    void put(int from, int n);
  }

  ValueDigest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  private void length(int n) {
    bytes.clear().putInt(n);
    digest.update(bytes.array(), 0, Integer.BYTES);
  }

  /** The checksum of all that was added, in lower-case hex. */
  String sha256() {
    return Sha256.hex(digest.digest());
  }
}

package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Arrays of an npz file that the reference implementation wrote, little-endian and row-major. */
public record GoldenFile(Path path) {

  /** The file, or the calling test is skipped with a message. */
  public static GoldenFile require(String name) throws IOException {
    Path path = SharedFiles.require(name);
    assertThat(Files.size(path)).isLessThan(1_000_000);
    return new GoldenFile(path);
  }

  public float[] floats(String name) throws IOException {
    ByteBuffer bytes = bytes(name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  public long[] longs(String name) throws IOException {
    ByteBuffer bytes = bytes(name);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  private ByteBuffer bytes(String name) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(name + ".npy"))) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      bytes.position(10 + bytes.getShort(8));
      return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}

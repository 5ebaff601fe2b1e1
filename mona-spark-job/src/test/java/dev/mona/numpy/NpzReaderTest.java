package dev.mona.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.data.NpyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzReaderTest {
  private final Path directory;
  private final byte[] array = NpyWriter.npy("<i2", false, new int[] {3}, 5, 6, 7);

  NpzReaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void readsArraysByName() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("y", NpyWriter.npy("|i1", false, new int[] {1}, 4));
    arrays.put("x", array);
    try (NpzReader npz = open(NpyWriter.npz(arrays))) {
      assertThat(npz.names()).containsExactly("y", "x");
      assertThat(npz.read("x").orElseThrow().integer(2)).isEqualTo(7);
      assertThat(npz.read("y").orElseThrow().integer(0)).isEqualTo(4);
      assertThat(npz.read("z")).isEmpty();
    }
  }

  @Test
  void readsUncompressedEntries() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CRC32 crc = new CRC32();
    crc.update(array);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry("x.npy");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(array.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(array);
    }
    try (NpzReader npz = open(bytes.toByteArray())) {
      assertThat(npz.read("x").orElseThrow().integer(1)).isEqualTo(6);
    }
  }

  @Test
  void refusesAZipBomb() {
    byte[] zeros = NpyWriter.file(1, NpyWriter.header("|i1", false, 80 << 20), new byte[80 << 20]);
    assertThatThrownBy(() -> open(NpyWriter.npz(Map.of("x", zeros))))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("would unpack 'x' from")
        .hasMessageContaining("more than 200 times its size");
  }

  @Test
  void refusesASizeThatItsDirectoryHides() {
    // the directory says 4 bytes less than the entry unpacks to, header and directory agree
    byte[] longer = NpyWriter.file(1, NpyWriter.header("|i1", false, 4), new byte[8]);
    byte[] npz = NpyWriter.npz(Map.of("x", longer));
    int size = centralDirectory(npz) + 24;
    assertThat(npz[size] & 0xFF).isEqualTo(longer.length);
    npz[size] = (byte) (longer.length - 4);
    assertThatThrownBy(
            () -> {
              try (NpzReader reader = open(npz)) {
                reader.read("x");
              }
            })
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("x in set.npz");
  }

  @Test
  void refusesManyEntries() {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    IntStream.rangeClosed(0, 4096).forEach(i -> arrays.put("x" + i, new byte[0]));
    assertThatThrownBy(() -> open(NpyWriter.npz(arrays)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("set.npz holds 4097 entries");
  }

  @Test
  void refusesTheSameNameTwice() {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("xa", array);
    arrays.put("xb", array);
    byte[] npz = NpyWriter.npz(arrays);
    for (int i = 0; i + 6 < npz.length; i++) {
      if (new String(npz, i, 6, StandardCharsets.ISO_8859_1).equals("xb.npy")) {
        npz[i + 1] = 'a';
      }
    }
    assertThatThrownBy(() -> open(npz))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("set.npz holds the array 'xa' twice");
  }

  @Test
  void refusesEntriesThatAreNoArrays() {
    byte[] npz = NpyWriter.npz(Map.of("x", array));
    byte[] other =
        new String(npz, StandardCharsets.ISO_8859_1)
            .replace("x.npy", "x.exe")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> open(other)).hasMessageContaining("'x.exe', which is no npy file");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] npz = NpyWriter.npz(Map.of("x", array));
    for (int length = 0; length < npz.length; length++) {
      byte[] cut = Arrays.copyOf(npz, length);
      assertThatThrownBy(() -> open(cut))
          .as("first %d bytes", length)
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("set.npz is not an npz file or is truncated");
    }
  }

  @Test
  void refusesFlippedBitsInTheData() {
    double[] noise = new java.util.Random(5).doubles(4000).toArray();
    byte[] npz = NpyWriter.npz(Map.of("x", NpyWriter.npy("<f8", false, new int[] {4000}, noise)));
    for (int at : new int[] {2000, 10_000, 20_000}) {
      byte[] flipped = npz.clone();
      flipped[at] ^= 4;
      assertThatThrownBy(
              () -> {
                try (NpzReader reader = open(flipped)) {
                  reader.read("x");
                }
              })
          .as("bit flipped in byte %d", at)
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("x in set.npz");
    }
  }

  private NpzReader open(byte[] bytes) throws IOException {
    Path file = NpyWriter.write(directory.resolve("set.npz"), bytes);
    return NpzReader.open(file.toFile(), "set.npz");
  }

  private static int centralDirectory(byte[] zip) {
    for (int i = zip.length - 4; i >= 0; i--) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        return i;
      }
    }
    throw new AssertionError("no central directory");
  }
}

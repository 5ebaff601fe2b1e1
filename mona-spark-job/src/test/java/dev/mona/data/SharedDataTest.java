package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.numpy.NpyArray;
import dev.mona.numpy.NpzReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files, when they are there. */
class SharedDataTest {

  @Test
  void everyArrayOfEverySetHasTheShapeAndTypeOfItsCard() throws IOException {
    List<String> sets = SharedData.numpySets();
    assumeFalse(sets.isEmpty(), "skipped: no ../shared/data beside the checkout");
    for (String set : sets) {
      Path directory = SharedData.set(set);
      JsonNode arrays =
          new JsonMapper().readTree(directory.resolve("card.json").toFile()).get("arrays");
      try (NpzReader npz = NpzReader.open(directory.resolve("data.npz").toFile(), set)) {
        assertThat(npz.names()).as(set).hasSize(arrays.size());
        for (String name : npz.names()) {
          NpyArray array = npz.read(name).orElseThrow();
          assertThat(array.shape().toString().replace(" ", ""))
              .as("%s %s", set, name)
              .isEqualTo(arrays.get(name).get("shape").toString());
          assertThat(array.type().name())
              .as("%s %s", set, name)
              .isEqualToIgnoringCase(arrays.get(name).get("dtype").textValue());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"satellite_crop, x_test", "pde_darcy16, x_train", "ecg_ecg5000, x_test"})
  void fortranArraysAreReadByTheColumnMajorFormula(String set, String name) throws IOException {
    Path file = SharedData.set(set).resolve("data.npz");
    NpyArray array;
    try (NpzReader npz = NpzReader.open(file.toFile(), set)) {
      array = npz.read(name).orElseThrow();
    }
    ByteBuffer raw = rawFloats(file, name, (int) array.size());
    int[] shape = array.shape().stream().mapToInt(Integer::intValue).toArray();
    int different = 0;
    for (int i = 0; i < array.size(); i++) {
      float expected = raw.getFloat(4 * NpyWriter.columnMajorPosition(i, shape));
      assertThat((float) array.value(i)).as("position %d", i).isEqualTo(expected);
      different += expected != raw.getFloat(4 * i) ? 1 : 0;
    }
    // were the flag of no consequence, this test would show nothing
    assertThat(different).isGreaterThan((int) (array.size() / 4));
  }

  @Test
  void rowsOfTheFortranOrderedEcgAreNormalisedHeartbeats() throws IOException {
    // each heartbeat was brought to mean 0 and standard deviation 1; a scrambled one would not be
    Path file = SharedData.set("ecg_ecg5000").resolve("data.npz");
    try (NpzReader npz = NpzReader.open(file.toFile(), "ecg")) {
      NpyArray x = npz.read("x_test").orElseThrow();
      for (int row = 0; row < 200; row++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 140; i++) {
          double value = x.value(row * 140 + i);
          sum += value;
          squares += value * value;
        }
        assertThat(Math.abs(sum / 140)).as("mean of row %d", row).isLessThan(0.02);
        assertThat(squares / 140).as("variance of row %d", row).isBetween(0.97, 1.03);
      }
    }
  }

  /** The elements as they lie in the file, after a header whose end is found by its newline. */
  private static ByteBuffer rawFloats(Path npz, String array, int size) throws IOException {
    try (ZipFile zip = new ZipFile(npz.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(array + ".npy"))) {
      byte[] all = in.readAllBytes();
      return ByteBuffer.wrap(all, all.length - 4 * size, 4 * size)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}

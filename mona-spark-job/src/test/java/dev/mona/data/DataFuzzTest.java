package dev.mona.data;

import dev.mona.fuzz.Fuzz;
import dev.mona.numpy.NpyArray;
import dev.mona.numpy.NpyReader;
import dev.mona.numpy.NpzReader;
import dev.mona.numpy.NumpyCard;
import dev.mona.numpy.NumpyDirectory;
import dev.mona.numpy.NumpyOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged NumPy arrays, cards and manifests. */
class DataFuzzTest {
  private static final String CARD =
      """
      {"name": "small", "modality": "numbers", "task": "classification", "classes": 3,
       "class_names": ["a", "b", "c"], "splits": {"train": 6, "test": 3}, "file": "data.npz",
       "source": "a test", "licence": "CC0"}
      """;
  private static final String MANIFEST =
      """
      {"format": "mona-data-set", "version": 1, "name": "s", "modality": "m", "kind": "dense",
       "channels": 1, "height": 4, "width": 4, "outputs": 1, "class_names": [],
       "label": {"column": "labels", "type": "array<float>"}, "encoding": {"kind": "plain"},
       "standardisation": {"mean": [0.5], "sd": [2.0]}, "scale": {"mean": [0.1], "sd": [0.5]},
       "splits": {"test": {"file": "test.parquet", "samples": 3, "bytes": 100, "sha256": "%s"}},
       "source": "s", "licence": "l"}
      """
          .formatted("0".repeat(64));
  private static final String FOLDER =
      MANIFEST
          .replace("\"version\": 1", "\"version\": 2")
          .replace("{\"file\"", "{\"folder\": \"test\", \"files\": [{\"file\"")
          .replace("}},\n", "}]}},\n");

  @TempDir private Path folder;

  @Test
  void npy() {
    Fuzz.text("npy")
        .seed(NpyWriter.npy("<f4", false, new int[] {4, 3}, new double[12]))
        .seed(NpyWriter.npy(">i2", true, new int[] {2, 2, 3}, new double[12]))
        .seed(NpyWriter.npy("<f8", false, new int[] {}, 3.5))
        .check(
            file -> {
              NpyArray array =
                  NpyReader.read(new ByteArrayInputStream(file), file.length, "a file");
              for (long k = 0; k < array.size(); k++) {
                array.value(k);
              }
            });
  }

  @Test
  void npyFilesThatAreMapped() {
    Fuzz.text("npy-mapped")
        .seed(NpyWriter.npy("<f4", false, new int[] {4, 3}, new double[12]))
        .slow(2)
        .check(file -> NpyReader.map(Files.write(folder.resolve("a.npy"), file), "a file"));
  }

  @Test
  void npz() throws IOException {
    NumpySet.small(true).write(folder.resolve("seed"));
    Fuzz.binary("npz")
        .seed(Files.readAllBytes(folder.resolve("seed/data.npz")))
        .check(
            file -> {
              Path npz = Files.write(folder.resolve("a.npz"), file);
              try (NpzReader reader = NpzReader.open(npz.toFile(), "a file")) {
                for (String name : reader.names()) {
                  reader.read(name);
                }
              }
            });
  }

  /** Values are read too. */
  @Test
  void directories() throws IOException {
    NumpySet set = NumpySet.small(false).without("file");
    Path in = set.write(folder.resolve("in"));
    Configuration hadoop = new Configuration();
    Fuzz.text("npy-directory")
        .seed(Files.readAllBytes(in.resolve("x_train.npy")))
        .slow(2)
        .check(
            file -> {
              Files.write(in.resolve("x_train.npy"), file);
              NumpyOptions options = new NumpyOptions(in.toString(), new Encoding.Plain());
              try (NumpyDirectory directory = NumpyDirectory.open(hadoop, options)) {
                for (Split split : Split.values()) {
                  Optional<Samples> samples = directory.samples(split);
                  if (samples.isPresent()) {
                    Standardisation.of(samples.get());
                  }
                }
              }
            });
  }

  @Test
  void cards() {
    Map<Split, String> names = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      names.put(split, split.id());
    }
    Fuzz.text("card.json")
        .seed(CARD.getBytes(StandardCharsets.UTF_8))
        .check(file -> NumpyCard.read(file, names, "a file"));
  }

  @Test
  void manifests() {
    Fuzz.text("manifest.json")
        .seed(MANIFEST.getBytes(StandardCharsets.UTF_8))
        .seed(FOLDER.getBytes(StandardCharsets.UTF_8))
        .check(file -> ManifestJson.read(file, "a file"));
  }
}

package dev.mona.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A small set of NumPy arrays with a card, written for one test. */
public final class NumpySet {
  private final Map<String, byte[]> arrays = new LinkedHashMap<>();
  private final Map<String, String> card = new TreeMap<>();

  /** Three classes, samples {@code [2, 3]}, 6 in train and 3 in test; value = 10 * sample + k. */
  public static NumpySet small(boolean fortran) {
    NumpySet set = new NumpySet();
    set.field("name", "\"small\"").field("modality", "\"numbers\"");
    set.field("task", "\"classification\"").field("classes", "3");
    set.field("source", "\"a test\"").field("licence", "\"CC0\"").field("file", "\"data.npz\"");
    set.array("x_train", NpyWriter.npy("<f4", fortran, new int[] {6, 2, 3}, values(0, 6, 6)));
    set.array("y_train", NpyWriter.npy("|i1", fortran, new int[] {6}, 0, 1, 2, 0, 1, 2));
    set.array("x_test", NpyWriter.npy("<f4", fortran, new int[] {3, 2, 3}, values(6, 3, 6)));
    set.array("y_test", NpyWriter.npy("|i1", fortran, new int[] {3}, 2, 1, 0));
    return set;
  }

  public static double[] values(int first, int samples, int features) {
    double[] values = new double[samples * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 * (first + i / features) + i % features;
    }
    return values;
  }

  /** Sets a field of the card to a JSON value. */
  public NumpySet field(String name, String json) {
    card.put(name, json);
    return this;
  }

  public NumpySet without(String name) {
    card.remove(name);
    arrays.remove(name);
    return this;
  }

  public NumpySet array(String name, byte[] npy) {
    arrays.put(name, npy);
    return this;
  }

  /** Writes the set, as one npz file or, if the card names none, as npy files. */
  public Path write(Path directory) {
    try {
      Files.createDirectories(directory);
      StringBuilder json = new StringBuilder("{");
      card.forEach(
          (name, value) ->
              json.append(json.length() > 1 ? ", " : "").append("\"" + name + "\": " + value));
      Files.write(directory.resolve("card.json"), (json + "}").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (card.containsKey("file")) {
      NpyWriter.write(directory.resolve("data.npz"), NpyWriter.npz(arrays));
    } else {
      arrays.forEach((name, npy) -> NpyWriter.write(directory.resolve(name + ".npy"), npy));
    }
    return directory;
  }
}

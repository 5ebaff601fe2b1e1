package dev.mona.numpy;

import dev.mona.convert.Card;
import dev.mona.data.JsonFields;
import dev.mona.data.Manifest;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.task.TaskKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@value #FILE} beside NumPy files. Fields that are not needed are ignored.
 *
 * @param card what the set is
 * @param samples rows a split should have, for the splits that are counted
 * @param file the npz file, empty when the arrays are npy files of their own
 * @param sha256 SHA-256 of the npz file, empty when the card has none
 */
public record NumpyCard(
    Card card, Map<Split, Integer> samples, Optional<String> file, Optional<String> sha256) {

  static final String FILE = "card.json";
  private static final String TASKS = "classification|multi_label|dense|dense regression";

  /**
   * Reads a card.
   *
   * @param arrays name of each split's arrays, which is also its name in the card's counts
   */
  public static NumpyCard read(byte[] json, Map<Split, String> arrays, String where) {
    JsonFields root = JsonFields.parse(json, where);
    String name = root.text("name", Manifest.NAME_PATTERN, "1 to 64 letters, digits, '_' or '-'");
    String modality = root.prose("modality");
    TaskKind kind = kind(root.text("task", TASKS, "classification, multi_label or dense"));
    int outputs = outputs(root, kind);
    List<String> classNames = List.of();
    if (root.has("class_names")) {
      classNames = root.texts("class_names", Manifest.MAX_OUTPUTS);
      if (!classNames.isEmpty() && classNames.size() != outputs) {
        root.problem("class_names has " + classNames.size() + " names for " + outputs + " classes");
      }
    }
    Map<Split, Integer> samples = new EnumMap<>(Split.class);
    if (root.has("splits")) {
      JsonFields counts = root.object("splits");
      arrays.forEach(
          (split, array) -> {
            if (counts.has(array)) {
              samples.put(split, (int) counts.integer(array, 1, Integer.MAX_VALUE));
            }
          });
    }
    Optional<String> file = Optional.empty();
    if (root.has("file")) {
      file = Optional.of(root.text("file", SplitFile.FILE_PATTERN, "a plain file name"));
    }
    Optional<String> sha256 = Optional.empty();
    if (root.has("sha256")) {
      sha256 = Optional.of(root.text("sha256", SplitFile.SHA256_PATTERN, "64 hexadecimal digits"));
    }
    String source = root.prose("source");
    String licence = root.prose("licence");
    root.check(where, "mend the card");
    Card card = new Card(name, modality, kind, outputs, classNames, source, licence);
    return new NumpyCard(card, samples, file, sha256);
  }

  private static TaskKind kind(String task) {
    return switch (task) {
      case "multi_label" -> TaskKind.MULTI_LABEL;
      case "dense", "dense regression" -> TaskKind.DENSE;
      // also for a task that was refused, which ends in check
      default -> TaskKind.CLASSIFICATION;
    };
  }

  private static int outputs(JsonFields root, TaskKind kind) {
    String field = kind == TaskKind.DENSE ? "outputs" : "classes";
    if (kind == TaskKind.DENSE && !root.has(field)) {
      return 1;
    }
    return (int) root.integer(field, Manifest.minOutputs(kind), Manifest.MAX_OUTPUTS);
  }
}

package dev.mona.data;

import dev.mona.task.TaskKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@value #FILE} beside NumPy files: what a converter cannot see from the arrays. Fields that
 * are not needed are ignored.
 *
 * @param name short name of the set
 * @param modality what was measured, for people
 * @param kind what is predicted
 * @param outputs number of classes or labels
 * @param classNames names of the outputs, empty when unknown
 * @param samples rows a split should have, for the splits the card counts
 * @param file the npz file, empty when the arrays are npy files of their own
 * @param sha256 SHA-256 of the npz file, empty when the card has none
 * @param source where the data come from
 * @param licence under what terms
 */
record Card(
    String name,
    String modality,
    TaskKind kind,
    int outputs,
    List<String> classNames,
    Map<Split, Integer> samples,
    Optional<String> file,
    Optional<String> sha256,
    String source,
    String licence) {

  static final String FILE = "card.json";

  static Card read(byte[] json, String where) {
    JsonFields root = JsonFields.parse(json, where);
    String name = root.text("name", Manifest.NAME_PATTERN, "1 to 64 letters, digits, '_' or '-'");
    String modality = root.prose("modality");
    String task = root.text("task", "classification|multi_label", "classification or multi_label");
    TaskKind kind = task.equals("multi_label") ? TaskKind.MULTI_LABEL : TaskKind.CLASSIFICATION;
    int outputs = 0;
    List<String> classNames = List.of();
    if (!task.isEmpty()) {
      outputs = (int) root.integer("classes", Manifest.minOutputs(kind), Manifest.MAX_OUTPUTS);
      if (root.has("class_names")) {
        classNames = root.texts("class_names", Manifest.MAX_OUTPUTS);
        if (!classNames.isEmpty() && classNames.size() != outputs) {
          root.problem(
              "class_names has " + classNames.size() + " names for " + outputs + " classes");
        }
      }
    }
    Map<Split, Integer> samples = new EnumMap<>(Split.class);
    if (root.has("splits")) {
      JsonFields counts = root.object("splits");
      for (Split split : Split.values()) {
        if (counts.has(split.id())) {
          samples.put(split, (int) counts.integer(split.id(), 1, Integer.MAX_VALUE));
        }
      }
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
    return new Card(
        name, modality, kind, outputs, classNames, samples, file, sha256, source, licence);
  }
}

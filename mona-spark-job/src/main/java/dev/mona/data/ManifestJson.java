package dev.mona.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.task.TaskKind;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a {@link Manifest}. Reading trusts nothing: every problem of the document is in
 * one message, no value decides an allocation, and file names cannot leave the directory.
 */
final class ManifestJson {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FORMAT = "mona-data-set";
  private static final int VERSION = 1;
  private static final String ADVICE = "mend it or convert the data again";

  private ManifestJson() {}

  /** Type of the label column: an int, or floats of 0 and 1. */
  static String labelType(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> "int";
      case MULTI_LABEL, DENSE -> "array<float>";
    };
  }

  /** Name of the label column. */
  static String labelColumn(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> "label";
      case MULTI_LABEL, DENSE -> "labels";
    };
  }

  static byte[] write(Manifest manifest) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    root.put("name", manifest.name()).put("modality", manifest.modality());
    root.put("kind", id(manifest.kind()));
    root.put("channels", manifest.channels()).put("length", manifest.length());
    root.put("outputs", manifest.outputs());
    manifest.classNames().forEach(root.putArray("class_names")::add);
    root.putObject("label")
        .put("column", labelColumn(manifest.kind()))
        .put("type", labelType(manifest.kind()));
    ObjectNode encoding = root.putObject("encoding").put("kind", manifest.encoding().id());
    if (manifest.encoding() instanceof Encoding.OneHot oneHot) {
      encoding.put("symbols", oneHot.symbols());
    }
    Standardisation standardisation = manifest.standardisation();
    if (standardisation != null) {
      ObjectNode node = root.putObject("standardisation");
      standardisation.mean().forEach(node.putArray("mean")::add);
      standardisation.sd().forEach(node.putArray("sd")::add);
    }
    ObjectNode splits = root.putObject("splits");
    manifest
        .splits()
        .forEach(
            (split, file) ->
                splits
                    .putObject(split.id())
                    .put("file", file.file())
                    .put("samples", file.samples())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256()));
    root.put("source", manifest.source()).put("licence", manifest.licence());
    try {
      String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @param where names the file in errors
   * @throws dev.mona.MonaException with all problems in one sentence
   */
  static Manifest read(byte[] json, String where) {
    JsonFields root = JsonFields.parse(json, where);
    root.text("format", FORMAT, "'" + FORMAT + "'");
    root.integer("version", VERSION, VERSION);
    String name = root.text("name", Manifest.NAME_PATTERN, "1 to 64 letters, digits, '_' or '-'");
    String modality = root.prose("modality");
    TaskKind kind =
        root.text("kind", "classification|multi_label", "classification or multi_label")
                .equals(id(TaskKind.MULTI_LABEL))
            ? TaskKind.MULTI_LABEL
            : TaskKind.CLASSIFICATION;
    int channels = (int) root.integer("channels", 1, Manifest.MAX_FEATURES);
    int length = (int) root.integer("length", 1, Manifest.MAX_FEATURES);
    if ((long) channels * length > Manifest.MAX_FEATURES) {
      root.problem("channels x length must be at most " + Manifest.MAX_FEATURES);
    }
    int outputs = (int) root.integer("outputs", Manifest.minOutputs(kind), Manifest.MAX_OUTPUTS);
    List<String> classNames = root.texts("class_names", Manifest.MAX_OUTPUTS);
    if (!classNames.isEmpty() && classNames.size() != outputs) {
      root.problem("class_names has " + classNames.size() + " names for " + outputs + " outputs");
    }
    JsonFields label = root.object("label");
    label.text("column", labelColumn(kind), "'" + labelColumn(kind) + "' for this kind");
    label.text("type", labelType(kind), "'" + labelType(kind) + "' for this kind");
    label.refuseUnknown();
    Encoding encoding = encoding(root.object("encoding"), channels, root);
    @Nullable Standardisation standardisation = null;
    if (root.has("standardisation")) {
      standardisation = standardisation(root.object("standardisation"), channels, root);
    }
    Map<Split, SplitFile> splits = splits(root.object("splits"));
    String source = root.prose("source");
    String licence = root.prose("licence");
    root.refuseUnknown();
    root.check(where, ADVICE);
    return new Manifest(
        name,
        modality,
        kind,
        channels,
        length,
        outputs,
        classNames,
        encoding,
        standardisation,
        splits,
        source,
        licence);
  }

  private static Encoding encoding(JsonFields fields, int channels, JsonFields root) {
    String kind = fields.text("kind", "plain|one_hot", "plain or one_hot");
    Encoding encoding = new Encoding.Plain();
    if (kind.equals("one_hot")) {
      encoding = new Encoding.OneHot((int) fields.integer("symbols", 2, 1024));
      if (((Encoding.OneHot) encoding).symbols() != channels) {
        root.problem("encoding.symbols must equal channels, " + channels);
      }
    }
    fields.refuseUnknown();
    return encoding;
  }

  private static @Nullable Standardisation standardisation(
      JsonFields fields, int channels, JsonFields root) {
    List<Double> mean = fields.numbers("mean", channels);
    List<Double> sd = fields.numbers("sd", channels);
    fields.refuseUnknown();
    if (mean.isEmpty() || sd.isEmpty()) {
      return null;
    }
    if (!sd.stream().allMatch(s -> s > 0)) {
      root.problem("standardisation.sd must be positive");
      return null;
    }
    return new Standardisation(mean, sd);
  }

  private static Map<Split, SplitFile> splits(JsonFields fields) {
    Map<Split, SplitFile> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      if (split == Split.VAL && !fields.has(split.id())) {
        continue;
      }
      JsonFields entry = fields.object(split.id());
      String file = entry.text("file", SplitFile.FILE_PATTERN, "a plain file name");
      int samples = (int) entry.integer("samples", 1, Integer.MAX_VALUE);
      long bytes = entry.integer("bytes", 1, Long.MAX_VALUE);
      String sha256 = entry.text("sha256", SplitFile.SHA256_PATTERN, "64 hexadecimal digits");
      entry.refuseUnknown();
      if (!file.isEmpty() && !sha256.isEmpty()) {
        splits.put(split, new SplitFile(file, samples, bytes, sha256));
      }
    }
    fields.refuseUnknown();
    return splits;
  }

  private static String id(TaskKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

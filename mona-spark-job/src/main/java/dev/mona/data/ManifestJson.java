package dev.mona.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
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
public final class ManifestJson {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FORMAT = "mona-data-set";
  private static final int VERSION = 1;
  private static final String KINDS = "classification|multi_label|dense";
  private static final String ADVICE = "mend it or convert the data again";

  private ManifestJson() {}

  /** Type of the label column: an int, or floats: 0 and 1, or a field. */
  static String labelType(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> "int";
      case MULTI_LABEL, DENSE -> "array<float>";
    };
  }

  /** Name of the label column. */
  public static String labelColumn(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION -> "label";
      case MULTI_LABEL, DENSE -> "labels";
    };
  }

  public static byte[] write(Manifest manifest) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    root.put("name", manifest.name()).put("modality", manifest.modality());
    root.put("kind", id(manifest.kind()));
    SampleShape shape = manifest.shape();
    root.put("channels", shape.channels());
    if (shape.isSeries()) {
      root.put("length", shape.width());
    } else {
      root.put("height", shape.height()).put("width", shape.width());
    }
    root.put("outputs", manifest.outputs());
    manifest.classNames().forEach(root.putArray("class_names")::add);
    root.putObject("label")
        .put("column", labelColumn(manifest.kind()))
        .put("type", labelType(manifest.kind()));
    ObjectNode encoding = root.putObject("encoding").put("kind", manifest.encoding().id());
    if (manifest.encoding() instanceof Encoding.OneHot oneHot) {
      encoding.put("symbols", oneHot.symbols());
    } else if (manifest.encoding() instanceof Encoding.LogMel mel) {
      encoding.put("sample_rate", mel.sampleRate()).put("frame", mel.frame());
      encoding.put("hop", mel.hop()).put("mels", mel.mels());
    }
    Standardisation standardisation = manifest.standardisation();
    if (standardisation != null) {
      ObjectNode node = root.putObject("standardisation");
      standardisation.mean().forEach(node.putArray("mean")::add);
      standardisation.sd().forEach(node.putArray("sd")::add);
    }
    if (!manifest.scale().isNone()) {
      ObjectNode node = root.putObject("scale");
      manifest.scale().mean().forEach(node.putArray("mean")::add);
      manifest.scale().sd().forEach(node.putArray("sd")::add);
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
  public static Manifest read(byte[] json, String where) {
    JsonFields root = JsonFields.parse(json, where);
    root.text("format", FORMAT, "'" + FORMAT + "'");
    root.integer("version", VERSION, VERSION);
    String name = root.text("name", Manifest.NAME_PATTERN, "1 to 64 letters, digits, '_' or '-'");
    String modality = root.prose("modality");
    TaskKind kind =
        switch (root.text("kind", KINDS, "classification, multi_label or dense")) {
          case "multi_label" -> TaskKind.MULTI_LABEL;
          case "dense" -> TaskKind.DENSE;
          // also for a kind that was refused, which ends in check
          default -> TaskKind.CLASSIFICATION;
        };
    SampleShape shape = shape(root);
    int channels = shape.channels();
    int outputs = (int) root.integer("outputs", Manifest.minOutputs(kind), Manifest.MAX_OUTPUTS);
    List<String> classNames = root.texts("class_names", Manifest.MAX_OUTPUTS);
    if (!classNames.isEmpty() && classNames.size() != outputs) {
      root.problem("class_names has " + classNames.size() + " names for " + outputs + " outputs");
    }
    if (kind == TaskKind.DENSE && (long) outputs * shape.points() > Manifest.MAX_FEATURES) {
      root.problem("outputs at every point must be at most " + Manifest.MAX_FEATURES + " values");
    }
    JsonFields label = root.object("label");
    label.text("column", labelColumn(kind), "'" + labelColumn(kind) + "' for this kind");
    label.text("type", labelType(kind), "'" + labelType(kind) + "' for this kind");
    label.refuseUnknown();
    Encoding encoding = encoding(root.object("encoding"), shape, root);
    @Nullable Standardisation standardisation = null;
    if (root.has("standardisation")) {
      standardisation = standardisation(root.object("standardisation"), channels, root);
    }
    TargetScale scale = TargetScale.none(outputs);
    if (kind == TaskKind.DENSE && root.has("scale")) {
      scale = scale(root.object("scale"), outputs, root);
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
        shape,
        outputs,
        classNames,
        encoding,
        standardisation,
        scale,
        splits,
        source,
        licence);
  }

  /** {@code channels, length} of a series, {@code channels, height, width} of an image. */
  private static SampleShape shape(JsonFields root) {
    boolean image = root.has("height");
    String last = image ? "width" : "length";
    int channels = (int) root.integer("channels", 1, Manifest.MAX_FEATURES);
    int height = image ? (int) root.integer("height", 2, Manifest.MAX_FEATURES) : 1;
    int width = (int) root.integer(last, 1, Manifest.MAX_FEATURES);
    if ((long) channels * height > Manifest.MAX_FEATURES
        || (long) channels * height * width > Manifest.MAX_FEATURES) {
      root.problem(
          String.format(
              Locale.ROOT,
              "channels x %s%s must be at most %d",
              image ? "height x " : "",
              last,
              Manifest.MAX_FEATURES));
      return SampleShape.series(channels, 1);
    }
    return new SampleShape(channels, height, width);
  }

  private static Encoding encoding(JsonFields fields, SampleShape shape, JsonFields root) {
    Encoding encoding =
        switch (fields.text("kind", "plain|one_hot|log_mel", "plain, one_hot or log_mel")) {
          case "one_hot" -> new Encoding.OneHot((int) fields.integer("symbols", 2, 1024));
          case "log_mel" -> logMel(fields, root);
          // also for a kind that was refused, which ends in check
          default -> new Encoding.Plain();
        };
    if (encoding instanceof Encoding.OneHot oneHot && oneHot.symbols() != shape.channels()) {
      root.problem("encoding.symbols must equal channels, " + shape.channels());
    }
    if (encoding instanceof Encoding.LogMel mel && mel.mels() != shape.height()) {
      root.problem("encoding.mels must equal height, " + shape.height());
    }
    fields.refuseUnknown();
    return encoding;
  }

  private static Encoding logMel(JsonFields fields, JsonFields root) {
    int rate =
        (int) fields.integer("sample_rate", Encoding.LogMel.MIN_RATE, Encoding.LogMel.MAX_RATE);
    int frame = (int) fields.integer("frame", Encoding.LogMel.MIN_FRAME, Encoding.LogMel.MAX_FRAME);
    int hop = (int) fields.integer("hop", 1, frame);
    int mels = (int) fields.integer("mels", 2, Encoding.LogMel.MAX_MELS);
    if (Integer.bitCount(frame) != 1) {
      root.problem("encoding.frame must be a power of two");
      return new Encoding.Plain();
    }
    return new Encoding.LogMel(rate, frame, hop, mels);
  }

  private static TargetScale scale(JsonFields fields, int outputs, JsonFields root) {
    List<Double> mean = fields.numbers("mean", outputs);
    List<Double> sd = fields.numbers("sd", outputs);
    fields.refuseUnknown();
    if (mean.isEmpty() || sd.isEmpty()) {
      return TargetScale.none(outputs);
    }
    if (!sd.stream().allMatch(s -> s > 0)) {
      root.problem("scale.sd must be positive");
      return TargetScale.none(outputs);
    }
    return new TargetScale(mean, sd);
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
      if (split != Split.TEST && !fields.has(split.id())) {
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

package dev.mona.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a {@link Manifest}. Reading trusts nothing: every problem of the document is in
 * one message, no value decides an allocation, and file names cannot leave the directory.
 */
public final class ManifestJson {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FORMAT = "mona-data-set";

  /** Of a set with one file a split, which readers of every version know. */
  private static final int PLAIN = 1;

  /** Of a set with folders. */
  private static final int FOLDERS = 2;

  /** A list of more would be longer than a manifest may be. */
  private static final int MOST_FILES = 1 << 17;

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
    boolean folders = manifest.splits().values().stream().anyMatch(SplitFolder.class::isInstance);
    root.put("format", FORMAT).put("version", folders ? FOLDERS : PLAIN);
    root.put("name", manifest.name()).put("modality", manifest.origin().modality());
    root.put("kind", id(manifest.kind()));
    SampleShape shape = manifest.shape();
    root.put("channels", shape.channels());
    if (shape.isSeries()) {
      root.put("length", shape.width());
    } else {
      root.put("height", shape.height()).put("width", shape.width());
    }
    root.put("outputs", manifest.outputs());
    manifest.prediction().classNames().forEach(root.putArray("class_names")::add);
    root.putObject("label")
        .put("column", labelColumn(manifest.kind()))
        .put("type", labelType(manifest.kind()));
    Encoding used = manifest.features().encoding();
    ObjectNode encoding = root.putObject("encoding").put("kind", used.id());
    if (used instanceof Encoding.OneHot oneHot) {
      encoding.put("symbols", oneHot.symbols());
    } else if (used instanceof Encoding.LogMel mel) {
      encoding.put("sample_rate", mel.sampleRate()).put("frame", mel.frame());
      encoding.put("hop", mel.hop()).put("mels", mel.mels());
    }
    Standardisation standardisation = manifest.features().standardisation();
    if (standardisation != null) {
      ObjectNode node = root.putObject("standardisation");
      standardisation.mean().forEach(node.putArray("mean")::add);
      standardisation.sd().forEach(node.putArray("sd")::add);
    }
    TargetScale scale = manifest.prediction().scale();
    if (!scale.isNone()) {
      ObjectNode node = root.putObject("scale");
      scale.mean().forEach(node.putArray("mean")::add);
      scale.sd().forEach(node.putArray("sd")::add);
    }
    ObjectNode splits = root.putObject("splits");
    manifest.splits().forEach((split, files) -> put(splits.putObject(split.id()), files));
    root.put("source", manifest.origin().source()).put("licence", manifest.origin().licence());
    try {
      String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(ObjectNode node, SplitFiles split) {
    if (split instanceof SplitFile file) {
      node.put("file", file.file())
          .put("samples", file.samples())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    } else if (split instanceof SplitFolder folder) {
      ArrayNode files = node.put("folder", folder.name()).putArray("files");
      folder.files().forEach(file -> put(files.addObject(), file));
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
    root.integer("version", PLAIN, FOLDERS);
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
    Map<Split, SplitFiles> splits = splits(root.object("splits"));
    String source = root.prose("source");
    String licence = root.prose("licence");
    root.refuseUnknown();
    root.check(where, ADVICE);
    return new Manifest(
        name,
        new Origin(modality, source, licence),
        new Features(shape, encoding, standardisation),
        new Prediction(kind, outputs, classNames, scale),
        splits);
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

  private static Map<Split, SplitFiles> splits(JsonFields fields) {
    Map<Split, SplitFiles> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      if (split != Split.TEST && !fields.has(split.id())) {
        continue;
      }
      JsonFields entry = fields.object(split.id());
      Optional<? extends SplitFiles> files =
          entry.has("folder") ? folder(entry, fields) : file(entry);
      files.ifPresent(found -> splits.put(split, found));
    }
    fields.refuseUnknown();
    return splits;
  }

  private static Optional<SplitFile> file(JsonFields entry) {
    String file = entry.text("file", SplitFile.FILE_PATTERN, "a plain file name");
    int samples = (int) entry.integer("samples", 1, Integer.MAX_VALUE);
    long bytes = entry.integer("bytes", 1, Long.MAX_VALUE);
    String sha256 = entry.text("sha256", SplitFile.SHA256_PATTERN, "64 hexadecimal digits");
    entry.refuseUnknown();
    return file.isEmpty() || sha256.isEmpty()
        ? Optional.empty()
        : Optional.of(new SplitFile(file, samples, bytes, sha256));
  }

  private static Optional<SplitFolder> folder(JsonFields entry, JsonFields all) {
    String name = entry.text("folder", SplitFile.FILE_PATTERN, "a plain folder name");
    List<SplitFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields each : entry.objects("files", MOST_FILES)) {
      file(each).ifPresent(files::add);
    }
    entry.refuseUnknown();
    files.stream()
        .filter(file -> !names.add(file.file()))
        .forEach(file -> all.problem("the folder " + name + " has " + file.file() + " twice"));
    if (SplitFolder.total(files) > SplitFiles.MOST_SAMPLES) {
      all.problem(
          "the folder " + name + " must have at most " + SplitFiles.MOST_SAMPLES + " samples");
      return Optional.empty();
    }
    return name.isEmpty() || files.isEmpty() || names.size() < files.size()
        ? Optional.empty()
        : Optional.of(new SplitFolder(name, files));
  }

  private static String id(TaskKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

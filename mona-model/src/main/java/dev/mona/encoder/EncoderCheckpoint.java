package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pretrained encoder on the host: its shape and exactly the tensors that {@link Encoder#tensors}
 * lists for it, in that order and under their canonical names; also the classifier of its source
 * classes, where the family knows one and the file has it.
 */
public final class EncoderCheckpoint {
  /** The file with the weights in a model folder. */
  public static final String WEIGHTS_FILE = "model.safetensors";

  /** The file with the configuration in a model folder. */
  public static final String CONFIG_FILE = "config.json";

  private static final String PICKLED_WEIGHTS_FILE = "pytorch_model.bin";
  private static final String SHARDS_FILE = "model.safetensors.index.json";
  private static final Logger log = LoggerFactory.getLogger(EncoderCheckpoint.class);

  private final Encoder encoder;
  private final Map<String, WeightTensor> tensors;
  private final @Nullable SourceClassifier classifier;

  private EncoderCheckpoint(
      Encoder encoder, Map<String, WeightTensor> tensors, @Nullable SourceClassifier classifier) {
    this.encoder = encoder;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.classifier = classifier;
  }

  /**
   * The encoder among the tensors of a file, which may carry prefixes, old names and heads.
   *
   * @param tensors the tensors as read
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when tensors are missing, mis-shaped or
   *     alien, or a value is not finite
   */
  public static EncoderCheckpoint of(
      Encoder encoder, Map<String, WeightTensor> tensors, String where) {
    Map<String, WeightTensor> canonical = new LinkedHashMap<>();
    for (WeightTensor tensor : tensors.values()) {
      String name = encoder.canonical(tensor.name());
      WeightTensor renamed = new WeightTensor(name, tensor.shape(), tensor.values());
      if (canonical.put(name, renamed) != null) {
        throw MonaException.weights(
            where + " holds " + Quoted.of(name) + " under two prefixes; keep one of the models");
      }
    }
    WeightReport report = WeightReport.compare(encoder, canonical);
    report.requireLoadable(where);
    SourceClassifier classifier = SourceClassifier.find(encoder, canonical, where).orElse(null);
    List<String> ignored = report.ignored();
    if (!ignored.isEmpty()) {
      log.debug("{} tensors of {} are beside the encoder: {}", ignored.size(), where, ignored);
    }
    Map<String, WeightTensor> chosen = new LinkedHashMap<>();
    for (ParameterLayout.Entry entry : encoder.tensors().entries()) {
      WeightTensor tensor = WeightTensor.named(entry.name(), canonical);
      requireFinite(tensor, where);
      chosen.put(entry.name(), tensor);
    }
    return new EncoderCheckpoint(encoder, chosen, classifier);
  }

  /**
   * Reads {@code config.json} and {@code model.safetensors} of a model folder.
   *
   * @throws MonaException of the category {@code WEIGHTS} when a file is missing, damaged or not
   *     that of a supported encoder
   */
  public static EncoderCheckpoint open(ModelFolder folder) throws IOException {
    String where = folder.where();
    if (!folder.has(CONFIG_FILE)) {
      throw MonaException.weights(
          where + " holds no " + CONFIG_FILE + "; give the folder of a Hugging Face model");
    }
    if (!folder.has(WEIGHTS_FILE)) {
      throw MonaException.weights(whyNoWeights(folder));
    }
    Encoder encoder;
    try (InputStream in = folder.open(CONFIG_FILE)) {
      encoder = EncoderFamily.read(in, where + "/" + CONFIG_FILE);
    }
    String weights = where + "/" + WEIGHTS_FILE;
    try (InputStream in = folder.open(WEIGHTS_FILE)) {
      return of(encoder, Safetensors.read(in, folder.length(WEIGHTS_FILE), weights), weights);
    }
  }

  /** Its shape and names. */
  public Encoder encoder() {
    return encoder;
  }

  /** Its tensors by canonical name; linear weights are {@code [out, in]}. */
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /** The tensor of a canonical name. */
  public WeightTensor tensor(String name) {
    return WeightTensor.named(name, tensors);
  }

  /** The classifier of the source classes, where the checkpoint carries one. */
  public Optional<SourceClassifier> classifier() {
    return Optional.ofNullable(classifier);
  }

  /** Number of the encoder's parameters. */
  public long parameterCount() {
    return tensors.values().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  private static String whyNoWeights(ModelFolder folder) throws IOException {
    String where = folder.where();
    if (folder.has(SHARDS_FILE)) {
      return where
          + " holds its weights in several shards; save them as one file, with"
          + " AutoModel.from_pretrained(folder).save_pretrained(folder, max_shard_size='100GB')"
          + " in Python";
    }
    if (folder.has(PICKLED_WEIGHTS_FILE)) {
      return where
          + " holds its weights as "
          + PICKLED_WEIGHTS_FILE
          + ", a pickle, which can run code and is not read; convert it once, with"
          + " AutoModel.from_pretrained(folder).save_pretrained(folder, safe_serialization=True)"
          + " in Python";
    }
    return where + " holds no " + WEIGHTS_FILE + "; give the folder of a Hugging Face model";
  }

  static void requireFinite(WeightTensor tensor, String where) {
    for (int i = 0; i < tensor.values().length; i++) {
      if (!Float.isFinite(tensor.values()[i])) {
        throw MonaException.weights(
            String.format(
                Locale.ROOT,
                "Tensor '%s' of %s holds %s at index %d; the weights are damaged, fetch them again",
                tensor.name(),
                where,
                tensor.values()[i],
                i));
      }
    }
  }
}

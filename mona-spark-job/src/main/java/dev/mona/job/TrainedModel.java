package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.dl4j.MonaGraph;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.storage.ContentWriter;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.SealedFolder;
import dev.mona.task.TargetScale;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.training.ModelParameters;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model in a run's directory: the aligned embedder, and the finetuned model with Hugging Face's
 * names for what Hugging Face knows, such as {@code embeddings.*} and {@code encoder.*}, and the
 * prefixes {@code target_embedder.} and {@code head.} for what it does not. The scale of a dense
 * task's predictions is in {@code target_scale.mean} and {@code target_scale.sd}.
 */
final class TrainedModel {
  static final String EMBEDDER = RunDirectory.ALIGNED + "/embedder.safetensors";
  static final String MODEL = RunDirectory.FINETUNED + "/model.safetensors";
  static final String CONFIG = RunDirectory.FINETUNED + "/config.json";
  private static final String EMBEDDER_FILE = "embedder.safetensors";
  private static final String MODEL_FILE = "model.safetensors";
  private static final String CONFIG_FILE = "config.json";
  private static final String NETWORK_FILE = "network.zip";
  private static final String EMBEDDER_PREFIX = "target_embedder.";
  private static final String HEAD_PREFIX = "head.";
  private static final String SCALE_MEAN = "target_scale.mean";
  private static final String SCALE_SD = "target_scale.sd";

  private TrainedModel() {}

  /** Writes the aligned transformation: the target embedder alone, with the encoder's shape. */
  static void writeAligned(
      RunDirectory run, Network network, PretrainedWeights weights, ModelParameters parameters) {
    List<WeightTensor> tensors =
        tensors(network, ParameterGroup.EMBEDDER, EMBEDDER_PREFIX, parameters);
    Map<String, ContentWriter> files = new LinkedHashMap<>();
    files.put(EMBEDDER_FILE, out -> Safetensors.write(out, tensors, metadata(network)));
    files.put(CONFIG_FILE, weights.shape()::write);
    SealedFolder.write(run, RunDirectory.ALIGNED, files);
  }

  /**
   * Writes the finetuned model.
   *
   * @param graph the same as a DL4J network
   */
  static void writeFinetuned(
      RunDirectory run,
      Network network,
      PretrainedWeights weights,
      ModelParameters parameters,
      ComputationGraph graph) {
    List<WeightTensor> tensors = new ArrayList<>(weights.embeddings().values());
    tensors.addAll(tensors(network, ParameterGroup.ENCODER, "", parameters));
    tensors.addAll(tensors(network, ParameterGroup.EMBEDDER, EMBEDDER_PREFIX, parameters));
    tensors.addAll(tensors(network, ParameterGroup.HEAD, HEAD_PREFIX, parameters));
    TargetScale scale = network.task().scale();
    if (!scale.isNone()) {
      tensors.add(vector(SCALE_MEAN, floats(scale.mean())));
      tensors.add(vector(SCALE_SD, floats(scale.sd())));
    }
    Map<String, ContentWriter> files = new LinkedHashMap<>();
    files.put(MODEL_FILE, out -> Safetensors.write(out, tensors, metadata(network)));
    files.put(CONFIG_FILE, weights.shape()::write);
    files.put(NETWORK_FILE, out -> MonaGraph.write(graph, out));
    SealedFolder.write(run, RunDirectory.FINETUNED, files);
  }

  /** Refuses a run that holds no finetuned model yet. */
  static void requireFinetuned(RunDirectory run) {
    if (!SealedFolder.isThere(run, RunDirectory.FINETUNED)) {
      throw MonaException.weights(
          run.location()
              + " holds no "
              + MODEL
              + ": the run has not ended, and train --resume continues it, or it diverged; inspect shows its stop_reason");
    }
  }

  /** Reads a finetuned model back. */
  static ModelParameters read(RunDirectory run, Network network) {
    requireFinetuned(run);
    SealedFolder.verify(run, RunDirectory.FINETUNED, MODEL_FILE);
    Map<String, WeightTensor> tensors = tensors(run);
    Map<ParameterGroup, float[]> groups = new EnumMap<>(ParameterGroup.class);
    groups.put(
        ParameterGroup.EMBEDDER,
        flat(run, network, ParameterGroup.EMBEDDER, EMBEDDER_PREFIX, MODEL, tensors));
    groups.put(
        ParameterGroup.ENCODER, flat(run, network, ParameterGroup.ENCODER, "", MODEL, tensors));
    groups.put(
        ParameterGroup.HEAD, flat(run, network, ParameterGroup.HEAD, HEAD_PREFIX, MODEL, tensors));
    return new ModelParameters(groups);
  }

  /**
   * The scale of the predictions of a finetuned model: that of the labels it was trained on,
   * whatever is scored with it.
   */
  static TargetScale scale(RunDirectory run, int outputs) {
    Map<String, WeightTensor> tensors = tensors(run);
    WeightTensor mean = tensors.get(SCALE_MEAN);
    WeightTensor sd = tensors.get(SCALE_SD);
    if (mean == null || sd == null) {
      return TargetScale.none(outputs);
    }
    if (mean.values().length != outputs || sd.values().length != outputs) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "%s scales %d outputs and the task has %d: score with the run's own task",
              run.location(MODEL),
              mean.values().length,
              outputs));
    }
    try {
      return new TargetScale(doubles(mean.values()), doubles(sd.values()));
    } catch (IllegalArgumentException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          run.location(MODEL) + " has a scale that is no scale: train the run again",
          e);
    }
  }

  private static Map<String, WeightTensor> tensors(RunDirectory run) {
    return run.read(MODEL, (in, length) -> Safetensors.read(in, length, run.location(MODEL)));
  }

  private static WeightTensor vector(String name, float[] values) {
    return new WeightTensor(name, new long[] {values.length}, values);
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = values.get(k).floatValue();
    }
    return floats;
  }

  private static List<Double> doubles(float[] values) {
    return IntStream.range(0, values.length).mapToObj(k -> (double) values[k]).toList();
  }

  /** Reads the aligned embedder back; a method without warm-up and alignment leaves none. */
  static Optional<float[]> readAligned(RunDirectory run, Network network) {
    if (!SealedFolder.isThere(run, RunDirectory.ALIGNED)) {
      return Optional.empty();
    }
    SealedFolder.verify(run, RunDirectory.ALIGNED, EMBEDDER_FILE);
    Map<String, WeightTensor> tensors =
        run.read(EMBEDDER, (in, length) -> Safetensors.read(in, length, run.location(EMBEDDER)));
    return Optional.of(
        flat(run, network, ParameterGroup.EMBEDDER, EMBEDDER_PREFIX, EMBEDDER, tensors));
  }

  private static float[] flat(
      RunDirectory run,
      Network network,
      ParameterGroup group,
      String prefix,
      String file,
      Map<String, WeightTensor> tensors) {
    ParameterLayout layout = network.layout(group);
    float[] flat = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      WeightTensor tensor = tensors.get(prefix + entry.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), entry.shape())) {
        throw MonaException.weights(
            "%s has %s for tensor %s, expected shape %s: score with the run's own task and backbone"
                .formatted(
                    run.location(file),
                    tensor == null ? "nothing" : "shape " + Arrays.toString(tensor.shape()),
                    prefix + entry.name(),
                    Arrays.toString(entry.shape())));
      }
      System.arraycopy(tensor.values(), 0, flat, (int) entry.offset(), tensor.values().length);
    }
    return flat;
  }

  private static List<WeightTensor> tensors(
      Network network, ParameterGroup group, String prefix, ModelParameters parameters) {
    float[] flat = parameters.of(group);
    List<WeightTensor> tensors = new ArrayList<>();
    for (ParameterLayout.Entry entry : network.layout(group).entries()) {
      int from = (int) entry.offset();
      float[] values = Arrays.copyOfRange(flat, from, from + (int) entry.length());
      tensors.add(new WeightTensor(prefix + entry.name(), entry.shape(), values));
    }
    return tensors;
  }

  private static Map<String, String> metadata(Network network) {
    return Map.of("format", "pt", "task", network.task().name());
  }
}

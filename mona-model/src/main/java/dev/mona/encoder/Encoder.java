package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.backbone.Backbone;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.head.ClassificationHead;
import dev.mona.head.Head;
import dev.mona.nn.WindowFit;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A pretrained encoder as its config.json describes it: shapes and names, no values. A family of
 * encoders implements {@link TextEncoder} or {@link ImageEncoder}, which know what all encoders of
 * a modality have in common.
 */
public sealed interface Encoder extends Serializable permits TextEncoder, ImageEncoder {
  /** What provenance.json calls it. */
  String kind();

  /** f_theta. */
  Backbone backbone();

  /** Of the layer norms of target embedder and head too. */
  double layerNormEpsilon();

  /** The tensors of its embedding block: names as in its checkpoints, and shapes. */
  ParameterLayout embeddings();

  /** All its tensors: the embedding block, then f_theta. */
  default ParameterLayout tensors() {
    return ParameterLayout.builder().add(embeddings()).add(backbone().layout()).build();
  }

  /** What the family's models put before the names of the tensors of their encoder. */
  List<String> prefixes();

  /** The name of a tensor in a file without wrappers and without the model around the encoder. */
  default String canonical(String name) {
    return Wrappers.without(name, prefixes());
  }

  /** Whether a canonical name inside the encoder is of a buffer that MoNA has no use for. */
  default boolean isUnused(String canonical) {
    return false;
  }

  /** Where checkpoints may have a classifier of their source classes; the first one is taken. */
  default List<SourceClassifier.Place> classifiers() {
    return List.of();
  }

  /**
   * The embedding block of a checkpoint, made for images of another size, as it is for those of
   * this encoder.
   *
   * @param embeddings tensors by canonical name
   */
  default SortedMap<String, WeightTensor> resized(SortedMap<String, WeightTensor> embeddings) {
    return embeddings;
  }

  /**
   * e_phi for a task.
   *
   * @throws dev.mona.MonaException of the category {@code CONFIGURATION} when the encoder cannot
   *     take its samples
   */
  TargetEmbedder targetEmbedder(TaskSpec task, EmbedderOptions options);

  /**
   * What of e_phi starts as the checkpoint's own embedding block.
   *
   * @param embedder one that {@link #targetEmbedder} made
   * @param embeddings the tensors of {@link #embeddings}
   * @return values by the embedder's parameters
   */
  Map<String, float[]> start(TargetEmbedder embedder, Map<String, WeightTensor> embeddings);

  /** e_s, its values copied to the device. */
  SourceEmbedder sourceEmbedder(Map<String, WeightTensor> embeddings);

  /** h for a task. */
  default Head head(TaskSpec task) {
    return switch (task.kind()) {
      case CLASSIFICATION, MULTI_LABEL ->
          new ClassificationHead(backbone().width(), task.outputs(), layerNormEpsilon());
      case DENSE -> denseHead(task);
    };
  }

  /** h for a task with values at every point. */
  Head denseHead(TaskSpec task);

  /** The memory of a step. */
  StepBuffers buffers();

  /** The same encoder with windows that fit small maps in another way; of no meaning to most. */
  default Encoder with(WindowFit fit) {
    return this;
  }

  /** What its windows do on small maps. */
  default WindowFit windowFit() {
    return WindowFit.PADDED;
  }

  /** Puts the values of a config.json that describes it. */
  void describe(ObjectNode json);

  /** Writes a config.json that {@link EncoderFamily#read} understands; same encoder, same bytes. */
  default void write(OutputStream out) throws IOException {
    ConfigJson.write(this::describe, out);
  }
}

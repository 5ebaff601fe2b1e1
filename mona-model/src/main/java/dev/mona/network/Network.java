package dev.mona.network;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.head.ClassificationHead;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.source.SourceBatch;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import dev.mona.weights.TextEncoderConfig;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The whole function: target samples to logits, {@code h(f_theta(e_phi(x)))}, and source texts to
 * representations, {@code pool(f_theta(e_s(x)))}.
 *
 * @param task the target task
 * @param embedder e_phi
 * @param backbone f_theta
 * @param head h
 */
public record Network(
    TaskSpec task, SequenceEmbedder embedder, Backbone backbone, ClassificationHead head) {

  /** The network of a task on a text encoder. */
  public static Network of(TaskSpec task, EmbedderOptions options, TextEncoderConfig config) {
    int kernel = SequenceEmbedder.kernel(task.shape().width(), options);
    if (task.shape().width() % kernel != 0) {
      throw MonaException.configuration(
          "embedder.kernel %d does not divide the input length %d of task %s; choose a divisor"
              .formatted(kernel, task.shape().width(), task.name()));
    }
    int width = config.hiddenWidth();
    double epsilon = config.layerNormEpsilon();
    SequenceEmbedder embedder =
        new SequenceEmbedder(task.shape().channels(), task.shape().width(), kernel, width, epsilon);
    if (embedder.tokens() > config.maxTokens()) {
      throw MonaException.configuration(
          "task %s becomes %d tokens, the encoder takes %d; raise embedder.kernel or lower embedder.target-length"
              .formatted(task.name(), embedder.tokens(), config.maxTokens()));
    }
    return new Network(
        task,
        embedder,
        new TextEncoder(config),
        new ClassificationHead(width, task.outputs(), epsilon));
  }

  public ParameterLayout layout(ParameterGroup group) {
    return switch (group) {
      case EMBEDDER -> embedder.layout();
      case ENCODER -> backbone.layout();
      case HEAD -> head.layout();
    };
  }

  /** Zeros of every group. */
  public ParameterSet zeros(DataType type) {
    return new ParameterSet(
        Parameters.zeros(layout(ParameterGroup.EMBEDDER), type),
        Parameters.zeros(layout(ParameterGroup.ENCODER), type),
        Parameters.zeros(layout(ParameterGroup.HEAD), type));
  }

  /** Logits {@code [batch, outputs]} of features {@code [batch, C, L]}. */
  public Variable logits(Tape tape, LeafSet parameters, float[] features) {
    Variable tokens = embedder.embed(tape, parameters.embedder(), features);
    Variable encoded = backbone.encode(parameters.encoder(), tokens, embedder.tokens(), null);
    return head.apply(tape, parameters.head(), encoded, embedder.tokens());
  }

  /** Representations {@code [size, W]} of source texts: the mean of their encoded tokens. */
  public static Variable represent(
      Tape tape, Backbone backbone, Leaves encoder, SourceEmbedder source, SourceBatch batch) {
    Variable tokens = source.embed(tape, batch);
    Variable mask = SourceEmbedder.mask(tape, batch);
    Variable encoded = backbone.encode(encoder, tokens, batch.length(), mask);
    return Pooling.mean(tape, encoded, batch.length(), batch.lengths());
  }
}

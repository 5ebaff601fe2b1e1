package dev.mona.network;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.compute.Device;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.encoder.Encoder;
import dev.mona.head.Head;
import dev.mona.head.LabelUnits;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;

/**
 * The whole function: target samples to predictions, {@code h(f_theta(e_phi(x)))}, and source
 * samples to representations, {@code mean(f_theta(e_s(x)))}.
 *
 * @param task the target task
 * @param embedder e_phi
 * @param encoder f_theta and what belongs to it
 * @param head h
 */
public record Network(TaskSpec task, TargetEmbedder embedder, Encoder encoder, Head head) {

  /** The network of a task on an encoder. */
  public static Network of(TaskSpec task, EmbedderOptions options, Encoder encoder) {
    return new Network(task, encoder.targetEmbedder(task, options), encoder, encoder.head(task));
  }

  /** f_theta. */
  public Backbone backbone() {
    return encoder.backbone();
  }

  public ParameterLayout layout(ParameterGroup group) {
    return switch (group) {
      case EMBEDDER -> embedder.layout();
      case ENCODER -> backbone().layout();
      case HEAD -> head.layout();
    };
  }

  /** Zeros of every group on a device. */
  public ParameterSet zeros(Device device) {
    return new ParameterSet(
        Parameters.zeros(layout(ParameterGroup.EMBEDDER), device),
        Parameters.zeros(layout(ParameterGroup.ENCODER), device),
        Parameters.zeros(layout(ParameterGroup.HEAD), device));
  }

  /**
   * Predictions {@code [batch, predictionLength]} of features {@code [batch, C, H, W]}: logits, or
   * fields in the units of the labels.
   */
  public Variable predict(Tape tape, LeafSet parameters, float[] features) {
    return predict(tape, parameters, features, Dropout.NONE);
  }

  /**
   * The same in training.
   *
   * @param dropout of the tokens and of what each half of a layer of the encoder adds to them
   */
  public Variable predict(Tape tape, LeafSet parameters, float[] features, Dropout dropout) {
    return predict(tape, parameters, embedder.patches(tape, features), dropout);
  }

  /**
   * The same of samples that are cut up already.
   *
   * @param patches of {@link TargetEmbedder#patches}
   */
  public Variable predict(Tape tape, LeafSet parameters, Variable patches, Dropout dropout) {
    Tokens embedded = embedder.embed(parameters.embedder(), patches);
    Tokens tokens = embedded.with(dropout.apply("tokens", embedded.values()));
    Tokens encoded = backbone().encode(tape, parameters.encoder(), tokens, null, dropout);
    return LabelUnits.of(tape, task.scale(), head.apply(tape, parameters.head(), encoded));
  }

  /** Encoded tokens of target samples. */
  public Tokens encode(Tape tape, Leaves embedding, Leaves encoderLeaves, float[] features) {
    Tokens tokens = embedder.embed(tape, embedding, features);
    return backbone().encode(tape, encoderLeaves, tokens, null);
  }

  /** Features {@code [size, W]} of source samples before the encoder: the mean of their tokens. */
  public static Variable embedSource(Tape tape, SourceEmbedder source, SourceBatch batch) {
    Tokens tokens = source.embed(tape, batch);
    return Pooling.MEAN.of(tape, tokens, source.lengths(batch, tokens));
  }

  /**
   * Representations {@code [size, W']} of source samples: the mean of all their encoded tokens, a
   * class token among them. It is what heads of classes take of the target, and the same for every
   * family; what a checkpoint's own classifier reads is its own affair.
   */
  public Variable represent(
      Tape tape, Leaves encoderLeaves, SourceEmbedder source, SourceBatch batch) {
    Tokens tokens = source.embed(tape, batch);
    Tokens encoded = backbone().encode(tape, encoderLeaves, tokens, source.mask(tape, batch));
    return Pooling.MEAN.of(tape, encoded, source.lengths(batch, encoded));
  }
}

package dev.mona.network;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.head.ClassificationHead;
import dev.mona.head.DenseGridHead;
import dev.mona.head.DenseSequenceHead;
import dev.mona.head.Head;
import dev.mona.head.LabelUnits;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import dev.mona.weights.HieraConfig;
import dev.mona.weights.SwinConfig;
import dev.mona.weights.TextEncoderConfig;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The whole function: target samples to predictions, {@code h(f_theta(e_phi(x)))}, and source
 * samples to representations, {@code pool(f_theta(e_s(x)))}.
 *
 * @param task the target task
 * @param embedder e_phi
 * @param backbone f_theta
 * @param head h
 */
public record Network(TaskSpec task, TargetEmbedder embedder, Backbone backbone, Head head) {

  /** The network of a task on an encoder. */
  public static Network of(TaskSpec task, EmbedderOptions options, Backbone backbone) {
    double epsilon = backbone.config().layerNormEpsilon();
    TargetEmbedder embedder =
        backbone instanceof TextEncoder text
            ? series(task, options, text.config())
            : image(task, backbone, epsilon);
    return new Network(task, embedder, backbone, head(task, backbone, epsilon));
  }

  private static ImageEmbedder image(TaskSpec task, Backbone backbone, double epsilon) {
    SampleShape image = task.shape().asImage();
    if (backbone instanceof SwinTransformer swin) {
      SwinConfig config = swin.config();
      PatchConvolution patches = PatchConvolution.swin(config.patch());
      int size = config.imageSize();
      requireSize(size, config.patch());
      swin.requireMap(patches.tokens(size), patches.tokens(size));
      return new ImageEmbedder(
          image, size, patches, config.width(0), ImageEmbedder.After.LAYER_NORM, epsilon);
    }
    HieraConfig config = ((HieraTransformer) backbone).config();
    PatchConvolution patches = PatchConvolution.HIERA;
    int size = config.imageSize();
    requireSize(size, patches.stride() << (config.stages() - 1));
    return new ImageEmbedder(
        image, size, patches, config.width(0), ImageEmbedder.After.POSITIONS, epsilon);
  }

  private static void requireSize(int size, int multiple) {
    if (size % multiple != 0) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "backbone.image-size is %d, the encoder takes multiples of %d pixels: choose one",
              size,
              multiple));
    }
  }

  private static SequenceEmbedder series(
      TaskSpec task, EmbedderOptions options, TextEncoderConfig config) {
    SampleShape shape = task.shape().asSeries();
    int kernel = SequenceEmbedder.kernel(shape.width(), options);
    if (shape.width() % kernel != 0) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "embedder.kernel %d does not divide the input length %d of task %s; choose a divisor",
              kernel,
              shape.width(),
              task.name()));
    }
    SequenceEmbedder embedder =
        new SequenceEmbedder(
            shape.channels(),
            shape.width(),
            kernel,
            config.hiddenWidth(),
            config.layerNormEpsilon());
    if (embedder.tokens() > config.maxTokens()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "task %s becomes %d tokens, the encoder takes %d; raise embedder.kernel or lower embedder.target-length",
              task.name(),
              embedder.tokens(),
              config.maxTokens()));
    }
    return embedder;
  }

  private static Head head(TaskSpec task, Backbone backbone, double epsilon) {
    int width = backbone.width();
    int outputs = task.outputs();
    SampleShape shape = task.shape();
    return switch (task.kind()) {
      case CLASSIFICATION, MULTI_LABEL -> new ClassificationHead(width, outputs, epsilon);
      case DENSE ->
          backbone instanceof TextEncoder
              // as the embedder sees a sample: a row of an image is a series of its own
              ? new DenseSequenceHead(width, outputs * shape.height(), shape.width())
              : new DenseGridHead(width, outputs, shape.height(), shape.width(), epsilon);
    };
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
    Tokens embedded = embedder.embed(tape, parameters.embedder(), features);
    Tokens tokens = embedded.with(dropout.apply("tokens", embedded.values()));
    Tokens encoded = backbone.encode(tape, parameters.encoder(), tokens, null, dropout);
    return LabelUnits.of(tape, task.scale(), head.apply(tape, parameters.head(), encoded));
  }

  /** Representations {@code [batch, W']} of target samples: the mean of their encoded tokens. */
  public Variable represent(Tape tape, Leaves embedding, Leaves encoder, float[] features) {
    Tokens tokens = embedder.embed(tape, embedding, features);
    Tokens encoded = backbone.encode(tape, encoder, tokens, null);
    return Pooling.mean(tape, encoded.values(), encoded.size());
  }

  /** Features {@code [size, W]} of source samples before the encoder: the mean of their tokens. */
  public static Variable embedSource(Tape tape, SourceEmbedder source, SourceBatch batch) {
    Tokens tokens = source.embed(tape, batch);
    return Pooling.mean(tape, tokens.values(), tokens.size(), source.lengths(batch, tokens));
  }

  /** Representations {@code [size, W']} of source samples: the mean of their encoded tokens. */
  public static Variable represent(
      Tape tape, Backbone backbone, Leaves encoder, SourceEmbedder source, SourceBatch batch) {
    Tokens tokens = source.embed(tape, batch);
    Tokens encoded = backbone.encode(tape, encoder, tokens, source.mask(tape, batch));
    return Pooling.mean(tape, encoded.values(), encoded.size(), source.lengths(batch, encoded));
  }
}

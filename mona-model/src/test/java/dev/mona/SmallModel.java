package dev.mona;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextEncoder;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceTexts;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Random weights of a small text encoder (2 layers, width 24, 3 heads), random source texts and
 * random target samples, each a pure function of its seed.
 */
public final class SmallModel {
  public static final int WIDTH = 24;
  public static final int VOCABULARY = 40;
  public static final EmbedderOptions EMBEDDER =
      new EmbedderOptions(3, 64, EmbedderOptions.Init.PRETRAINED);

  private SmallModel() {}

  public static Bert config(Bert.Variant kind) {
    int offset = kind == Bert.Variant.ROBERTA ? 2 : 0;
    return new Bert(
        kind,
        new TransformerShape(WIDTH, 2, 3, 40, 1e-5),
        new TextTables(VOCABULARY, 20 + offset, 2, offset));
  }

  public static PretrainedWeights weights(Bert.Variant kind, long seed) {
    return weights(config(kind), seed);
  }

  /** Weights of an encoder of another shape. */
  public static PretrainedWeights weights(Bert config, long seed) {
    int width = config.shape().width();
    TextTables tables = config.tables();
    Random random = new Random(seed);
    ParameterLayout layout = config.backbone().layout();
    float[] encoder = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      boolean gain = entry.name().endsWith("LayerNorm.weight");
      for (int i = 0; i < entry.length(); i++) {
        encoder[(int) entry.offset() + i] = (float) ((gain ? 1 : 0) + 0.2 * random.nextGaussian());
      }
    }
    SortedMap<String, WeightTensor> embeddings = new TreeMap<>();
    float[] words = gaussian(random, tables.vocabulary() * width, 0, 1);
    float[] positions = gaussian(random, tables.positions() * width, 0, 0.5);
    float[] types = Arrays.copyOf(gaussian(random, width, 0, 0.5), tables.types() * width);
    put(embeddings, TextEncoder.WORDS, words, tables.vocabulary(), width);
    put(embeddings, TextEncoder.POSITIONS, positions, tables.positions(), width);
    put(embeddings, TextEncoder.TYPES, types, tables.types(), width);
    put(embeddings, TextEncoder.GAIN, gaussian(random, width, 1, 0.2), width);
    put(embeddings, TextEncoder.BIAS, gaussian(random, width, 0, 0.2), width);
    return new PretrainedWeights(config, encoder, embeddings, null);
  }

  private static void put(
      Map<String, WeightTensor> tensors, String name, float[] values, long... shape) {
    tensors.put(name, new WeightTensor(name, shape, values));
  }

  /** The configuration of such an encoder. */
  public static Bert config(PretrainedWeights weights) {
    return (Bert) weights.shape();
  }

  /** A tensor of its embedding block. */
  public static WeightTensor embedding(PretrainedWeights weights, String name) {
    return WeightTensor.named(name, weights.embeddings());
  }

  /** Texts of 3 to 14 tokens, in classes {@code 0, 1, .., 0, 1, ..}. */
  public static SourceTexts texts(int classes, int perClass, long seed) {
    Random random = new Random(seed);
    int n = classes * perClass;
    int[] offsets = new int[n + 1];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      offsets[i + 1] = offsets[i] + 3 + random.nextInt(12);
      labels[i] = i % classes;
    }
    int[] tokens = random.ints(offsets[n], 0, VOCABULARY).toArray();
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new SourceTexts(tokens, offsets, labels, names);
  }

  /** Samples of 2 channels and length 12 with 3 classes or 3 labels. */
  public static TaskSpec task(TaskKind kind) {
    double positiveWeight = kind == TaskKind.MULTI_LABEL ? 2.5 : 1;
    return TaskSpec.of("random", kind, SampleShape.series(2, 12), 3)
        .with(new LossOptions(Loss.of(kind), positiveWeight, 0));
  }

  public static SampleBlock samples(TaskSpec task, int n, long seed) {
    Random random = new Random(seed);
    long[] ids = IntStream.range(0, n).mapToLong(i -> 10L * i + 3).toArray();
    float[] labels = new float[n * task.labelLength()];
    int bound = task.kind() == TaskKind.CLASSIFICATION ? task.outputs() : 2;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(bound);
    }
    return new SampleBlock(ids, gaussian(random, n * task.featureLength(), 0, 1), labels);
  }

  private static float[] gaussian(Random random, int n, double mean, double deviation) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }
}

package dev.mona.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.StepBuffers;
import dev.mona.encoder.Swin;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.finetuning.TaskStep;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.learner.Stage;
import dev.mona.metalearning.MetaStep;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.OuterData;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.OuterSide;
import dev.mona.metalearning.Preconditioning;
import dev.mona.metalearning.Strength;
import dev.mona.network.Network;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.nn.WindowFit;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.OuterOptions;
import dev.mona.objective.TaskLoss;
import dev.mona.source.ImageBatch;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formula against the buffers of a real step, none of these shapes among those of the fit. */
class StepBuffersTest {
  private static final long SEED = 5;

  @ParameterizedTest
  // the last one is MiniLM's encoder with the batch and the tokens of the quickstart
  @CsvSource({
    "40, 2, 4, 160, 8, 36",
    "112, 1, 4, 112, 16, 22",
    "160, 5, 8, 640, 2, 72",
    "384, 6, 12, 1536, 32, 20"
  })
  void predictsWhatAStepAllocates(
      int width, int layers, int heads, int inner, int batch, int tokens) {
    Bert config =
        new Bert(
            Bert.Variant.BERT,
            new TransformerShape(width, layers, heads, inner, 1e-12),
            new TextTables(50, 128, 2, 0));
    requireClose(config, SampleShape.series(4, 3 * tokens), 3, batch, tokens);
  }

  @Test
  void predictsWhatAStepOfDistilBertAllocates() {
    DistilBert config =
        new DistilBert(new TransformerShape(120, 3, 6, 480, 1e-12), new TextTables(50, 128, 0, 0));
    requireClose(config, SampleShape.series(4, 3 * 28), 3, 12, 28);
  }

  @ParameterizedTest
  // the last one is SAM 2's tiny encoder on images of 64 x 64
  @CsvSource({
    "PADDED, 56, 2 2 3, 64, 3",
    "CAPPED, 72, 1 3 2, 96, 5",
    "PADDED, 96, 1 2 7 2, 64, 6",
    "CAPPED, 96, 1 2 7 2, 64, 32"
  })
  void predictsWhatAStepOfHieraAllocates(
      WindowFit window, int width, String depths, int pixels, int batch) {
    List<Integer> blocks = Arrays.stream(depths.split(" ")).map(Integer::valueOf).toList();
    List<Integer> windows = List.of(8, 4, 14, 7).subList(0, blocks.size());
    Hiera config =
        new Hiera(
                new HieraTransformer(
                    width,
                    1,
                    new HieraTransformer.Blocks(blocks, windows, Set.of(4)),
                    WindowFit.PADDED,
                    1e-6))
            .withImageSize(pixels);
    SampleShape shape = new SampleShape(1, pixels, pixels);
    int tokens = pixels / 4 * (pixels / 4);
    requireClose(config.with(window), shape, 1, batch, tokens);
  }

  @ParameterizedTest
  @CsvSource({"40, 4, 64, 5", "48, 7, 112, 2"})
  void predictsWhatAStepOfSwinAllocates(int width, int window, int pixels, int batch) {
    Swin config =
        new Swin(new SwinTransformer(width, List.of(2, 3, 2), List.of(2, 4, 8), window, 1e-5))
            .withImageSize(pixels);
    SampleShape shape = new SampleShape(1, pixels, pixels);
    int tokens = pixels / 4 * (pixels / 4);
    requireClose(config, shape, 1, batch, tokens);
  }

  @ParameterizedTest
  // the last one is ViT-Ti on images of 64 x 64
  @CsvSource({
    "VIT, 40, 2, 4, 160, 24, 6",
    "DEIT, 112, 1, 4, 224, 28, 3",
    "DINOV2, 64, 3, 2, 256, 36, 4",
    "VIT, 192, 12, 3, 768, 64, 8"
  })
  void predictsWhatAStepOfAVisionTransformerAllocates(
      Vit.Variant variant, int width, int layers, int heads, int inner, int pixels, int batch) {
    int patch = pixels == 64 ? 16 : 4;
    Vit encoder =
        new Vit(
            variant,
            new TransformerShape(width, layers, heads, inner, 1e-6),
            new ImageShape(pixels, patch, 3));
    SampleShape shape = new SampleShape(1, pixels, pixels);
    int prefix = variant == Vit.Variant.DEIT ? 2 : 1;
    requireClose(encoder, shape, 1, batch, prefix + pixels / patch * (pixels / patch));
  }

  @ParameterizedTest
  @CsvSource({
    "VIT, 40, 2, 160, 24, 6, 12",
    "DEIT, 112, 1, 224, 28, 3, 8",
    "DINOV2, 64, 3, 256, 36, 4, 8"
  })
  void predictsWhatAMetaStepOfAVisionTransformerAllocates(
      Vit.Variant variant, int width, int layers, int inner, int pixels, int batch, int images) {
    Vit encoder =
        new Vit(
            variant,
            new TransformerShape(width, layers, 4, inner, 1e-6),
            new ImageShape(pixels, 4, 3));
    TaskSpec task =
        TaskSpec.of("t", TaskKind.CLASSIFICATION, new SampleShape(1, pixels, pixels), 3);
    EmbedderOptions options = new EmbedderOptions(1, 1, EmbedderOptions.Init.RANDOM);
    Network network = Network.of(task, options, encoder);
    ParameterSet parameters = network.zeros(TestDevice.floats());
    Map<String, WeightTensor> zeros = new HashMap<>();
    for (ParameterLayout.Entry entry : encoder.embeddings().entries()) {
      float[] values = new float[(int) entry.length()];
      zeros.put(entry.name(), new WeightTensor(entry.name(), entry.shape(), values));
    }
    SourceEmbedder embedder = encoder.sourceEmbedder(zeros);
    float[] features = new float[batch * task.featureLength()];
    float[] colours = new float[images * 3 * pixels * pixels];
    int[] pairs = IntStream.range(0, images).map(i -> i / 2).toArray();
    ImageBatch source = new ImageBatch(colours, pixels, pixels, pairs);
    OuterOptions outer = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);
    MetaStepOptions step =
        new MetaStepOptions(
            new Strength.Ratio(0.05, 1),
            Estimator.EXACT,
            new OuterPoint.Virtual(1),
            MetaStepOptions.HeadGradient.INNER);
    long measured;
    try (MetaStep meta = new MetaStep(step, parameters)) {
      meta.run(
          (tape, leaves) ->
              TaskLoss.of(tape, task, network.predict(tape, leaves, features), new float[batch]),
          (tape, leaves) ->
              OuterObjective.of(
                  tape, outer, network.represent(tape, leaves, embedder, source), pairs),
          parameters,
          1,
          parameters.zeros());
      measured = meta.allocated();
    }
    int tokens = network.embedder().tokens();
    StepBuffers buffers = encoder.buffers();
    requireClose(buffers.mixed(batch, tokens) + buffers.outer(images, tokens, tokens), measured);
  }

  /** The vectors of a meta-step on its device, beside what its tapes hold. */
  @Test
  void countsTheVectorsOfAMetaStep() {
    Vit encoder =
        new Vit(
            Vit.Variant.VIT, new TransformerShape(64, 6, 4, 256, 1e-6), new ImageShape(24, 4, 3));
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, new SampleShape(1, 24, 24), 3);
    EmbedderOptions options = new EmbedderOptions(1, 1, EmbedderOptions.Init.RANDOM);
    Network network = Network.of(task, options, encoder);
    MetaStepOptions plain =
        new MetaStepOptions(
            new Strength.Ratio(0.05, 1),
            Estimator.EXACT,
            new OuterPoint.Virtual(1),
            MetaStepOptions.HeadGradient.INNER);
    MetaStepOptions adam = plain.with(new Preconditioning(0.999, 1e-8));
    long all = Float.BYTES * network.zeros(TestDevice.floats()).length(Stage.FINETUNING.trained());
    long theta = Float.BYTES * network.layout(ParameterGroup.ENCODER).length();
    assertThat(vectors(network, plain)).isCloseTo(all + 2 * theta, withinPercentage(1));
    assertThat(vectors(network, adam)).isCloseTo(all + 5 * theta, withinPercentage(1));
    assertThat(vectors(network, plain.with(new OuterData.HeldOut())))
        .isCloseTo(2 * all + theta, withinPercentage(1));
    assertThat(adam.stateLength(10)).isEqualTo(11);
  }

  private static long vectors(Network network, MetaStepOptions options) {
    try (ParameterSet parameters = network.zeros(TestDevice.floats())) {
      long before = TestDevice.bytesAtRest(TestDevice.floats());
      long open;
      try (MetaStep step = new MetaStep(options, parameters)) {
        assertThat(step.allocated()).isZero();
        open = TestDevice.floats().usedBytes() - before;
      }
      assertThat(TestDevice.floats().usedBytes() - before).isLessThan(open / 100);
      return open;
    }
  }

  /** A held-out target batch takes the place of the source batches on their tape. */
  @Test
  void predictsWhatAHeldOutBatchAllocates() {
    Bert encoder =
        new Bert(
            Bert.Variant.BERT,
            new TransformerShape(112, 2, 4, 224, 1e-12),
            new TextTables(50, 128, 2, 0));
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 66), 3);
    EmbedderOptions embedder = new EmbedderOptions(3, 22, EmbedderOptions.Init.RANDOM);
    Network network = Network.of(task, embedder, encoder);
    ParameterSet parameters = network.zeros(TestDevice.floats());
    SampleBlock block = new SampleBlock(ids(8), new float[8 * 4 * 66], new float[8]);
    InnerProblem problem =
        (tape, leaves) -> TaskStep.loss(network, tape, leaves, block, Dropout.NONE);
    MetaStepOptions options =
        new MetaStepOptions(
                new Strength.Ratio(0.05, 1),
                Estimator.EXACT,
                new OuterPoint.Virtual(1),
                MetaStepOptions.HeadGradient.INNER)
            .with(new OuterData.HeldOut());
    try (MetaStep meta = new MetaStep(options, parameters)) {
      OuterSide heldOut = new OuterSide.HeldOut(problem);
      meta.run(List.of(problem), heldOut, parameters, 1, parameters.zeros());
      StepBuffers buffers = encoder.buffers();
      requireClose(buffers.mixed(8, 22) + buffers.step(8, 22), meta.allocated());
    }
  }

  private static void requireClose(
      Encoder encoder, SampleShape shape, int kernel, int batch, int tokens) {
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, shape, 3);
    EmbedderOptions options = new EmbedderOptions(kernel, tokens, EmbedderOptions.Init.RANDOM);
    Network network = Network.of(task, options, encoder);
    ParameterSet parameters = network.zeros(TestDevice.floats());
    ParameterSet gradient = parameters.zeros();
    Random random = new Random(SEED);
    float[] features = new float[batch * task.featureLength()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    SampleBlock block = new SampleBlock(ids(batch), features, new float[batch]);
    long measured;
    try (TaskStep step = new TaskStep(network, parameters)) {
      step.addGradient(block, parameters, Stage.FINETUNING.trained(), 1, gradient);
      measured = step.allocated();
    }
    StepBuffers buffers = encoder.buffers();
    requireClose(buffers.step(batch, tokens), measured);
    try (TaskStep step = new TaskStep(network, parameters)) {
      Dropout dropout = new Dropout(0.1, ids(batch));
      step.addGradient(
          block,
          tape -> LeafSet.of(tape, parameters),
          Stage.FINETUNING.trained(),
          role -> true,
          dropout,
          1,
          gradient);
      long more = step.allocated() - measured;
      // buffers are rounded up by an eighth at most
      assertThat((double) more / buffers.dropout(batch, tokens)).isBetween(0.99, 1.13);
    }
  }

  private static void requireClose(long computed, long measured) {
    assertThat(computed / (double) measured)
        .as("computed over measured, %d measured", measured)
        .isBetween(0.87, 1.15);
  }

  private static long[] ids(int n) {
    long[] ids = new long[n];
    for (int i = 0; i < n; i++) {
      ids[i] = i;
    }
    return ids;
  }
}

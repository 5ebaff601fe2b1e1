package dev.mona.backbone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.SourceClassifier;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.ImageBatch;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A small ViT, DeiT and DINOv2 against Hugging Face's, written by {@code tools/golden/vit.py}. */
class PreNormTransformerTest {
  private static final int SIZE = 20;
  private static final int LARGER = 28;

  static Stream<Arguments> variants() {
    return Arrays.stream(Vit.Variant.values())
        .flatMap(variant -> TestDevice.all().map(device -> Arguments.of(variant, device)));
  }

  private static GoldenModel golden(Vit.Variant variant) throws IOException {
    return GoldenModel.read(variant.name().toLowerCase(Locale.ROOT));
  }

  private static Vit vit(Vit.Variant variant) {
    boolean dino = variant == Vit.Variant.DINOV2;
    TransformerShape shape = new TransformerShape(12, 2, 3, dino ? 24 : 20, dino ? 1e-6 : 1e-12);
    return new Vit(variant, shape, new ImageShape(SIZE, 4, 3));
  }

  private static PretrainedWeights weights(Vit.Variant variant, int size) throws IOException {
    EncoderCheckpoint checkpoint =
        EncoderCheckpoint.of(vit(variant), golden(variant).weights(), "golden file");
    return PretrainedWeights.of(checkpoint, vit(variant).withImageSize(size));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("variants")
  void outputAndGradientsAreHuggingFaces(Vit.Variant variant, Device device) throws IOException {
    GoldenModel golden = golden(variant);
    Backbone encoder = vit(variant).backbone();
    Parameters theta = golden.parameters(encoder.layout(), device);
    Parameters gradient = theta.zerosLike();
    WeightTensor input = golden.tensor("input.tokens");
    try (Tape tape = new Tape(device)) {
      Leaves leaves = Leaves.of(tape, theta);
      Variable values = tape.constant(input.values(), input.shape());
      Tokens tokens = new Tokens(values, 2, (int) input.shape()[0] / 2 - 25, 5, 5);
      Variable output = encoder.encode(tape, leaves, tokens, null).values();
      assertThat(output.shape()).isEqualTo(golden.tensor("output").shape());
      GoldenModel.requireOutput("output", output.value(), golden.values("output"));

      Variable weights = tape.constant(golden.values("output.weights"), output.shape());
      Array ofTokens = device.zeros(values.shape());
      Map<Variable, Array> wrt = new HashMap<>(Map.of(values, ofTokens));
      leaves.collect(gradient, wrt);
      tape.backward(output.multiply(weights).sum(), 1, wrt);
      GoldenModel.requireGradient(
          "gradient of the tokens", ofTokens, golden.values("gradient.input.tokens"));
    }
    golden.requireGradient(gradient);
  }

  /** The target embedder starts as the checkpoint's own, so it has its gradients too. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("variants")
  void gradientsOfTheEmbeddingAreHuggingFaces(Vit.Variant variant, Device device)
      throws IOException {
    GoldenModel golden = golden(variant);
    PretrainedWeights weights = weights(variant, SIZE);
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, new SampleShape(3, SIZE, SIZE), 2);
    EmbedderOptions options = new EmbedderOptions(0, 1, EmbedderOptions.Init.PRETRAINED);
    Network network = Network.of(task, options, weights.shape());
    ParameterSet at = network.zeros(device);
    Initializer.initial(network, options, weights, 1)
        .forEach((group, values) -> at.get(group).assign(values));
    Parameters gradient = at.embedder().zerosLike();
    try (Tape tape = new Tape(device)) {
      LeafSet leaves = LeafSet.of(tape, at);
      Tokens encoded =
          network.encode(tape, leaves.embedder(), leaves.encoder(), golden.values("input.images"));
      Variable output = encoded.values();
      GoldenModel.requireOutput("output", output.value(), golden.values("output"));
      Map<Variable, Array> wrt = new HashMap<>();
      leaves.embedder().collect(gradient, wrt);
      Variable slope = tape.constant(golden.values("output.weights"), output.shape());
      tape.backward(output.multiply(slope).sum(), 1, wrt);
    }
    requireGradient(golden, gradient, ImageEmbedder.KERNEL, "patch_embeddings.projection.weight");
    requireGradient(golden, gradient, ImageEmbedder.BIAS, "patch_embeddings.projection.bias");
    requireGradient(golden, gradient, ImageEmbedder.POSITIONS, "position_embeddings");
    Array first = gradient.view(ImageEmbedder.POSITIONS).slice(0, 1);
    float[] ofClass = golden.values("gradient.embeddings.cls_token");
    GoldenModel.requireGradient("class token", first, ofClass);
  }

  private static void requireGradient(
      GoldenModel golden, Parameters gradient, String ours, String theirs) {
    float[] expected = golden.values("gradient.embeddings." + theirs);
    GoldenModel.requireGradient(ours, gradient.view(ours), expected);
  }

  /** The position table is one of 5 x 5 patches, interpolated for images of 7 x 7. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("variants")
  void imagesOfBothSizesAreEncodedAsByHuggingFace(Vit.Variant variant, Device device)
      throws IOException {
    requireEncoded(variant, device, SIZE, "input.images", "input.tokens", "output");
    requireEncoded(
        variant, device, LARGER, "input.larger.images", "input.larger.tokens", "output.larger");
  }

  private static void requireEncoded(
      Vit.Variant variant, Device device, int size, String images, String tokens, String output)
      throws IOException {
    GoldenModel golden = golden(variant);
    PretrainedWeights weights = weights(variant, size);
    Backbone encoder = weights.shape().backbone();
    try (Tape tape = new Tape(device)) {
      ImageBatch batch = new ImageBatch(golden.values(images), size, size, new int[2]);
      Tokens embedded = weights.sourceEmbedder().embed(tape, batch);
      GoldenModel.requireOutput(tokens, embedded.values().value(), golden.values(tokens));
      Leaves leaves = Leaves.of(tape, golden.parameters(encoder.layout(), device));
      Tokens encoded = encoder.encode(tape, leaves, embedded, null);
      assertThat(encoded.height()).isEqualTo(size / 4);
      GoldenModel.requireOutput(output, encoded.values().value(), golden.values(output));
    }
  }

  /** DeiT's is the mean of two; DINOv2's reads the mean of the patches too. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("variants")
  void theClassifierSaysWhatHuggingFacesSays(Vit.Variant variant, Device device)
      throws IOException {
    GoldenModel golden = golden(variant);
    SourceClassifier classifier = requireNonNull(weights(variant, SIZE).classifier());
    try (Tape tape = new Tape(device)) {
      WeightTensor output = golden.tensor("output");
      Variable values = tape.constant(output.values(), output.shape());
      Tokens tokens = new Tokens(values, 2, (int) output.shape()[0] / 2 - 25, 5, 5);
      Variable logits =
          classifier
              .pooling()
              .of(tape, tokens)
              .linear(
                  tape.constant(classifier.weight().values(), classifier.weight().shape()),
                  tape.constant(classifier.bias().values(), classifier.classes()));
      GoldenModel.requireOutput("logits", logits.value(), golden.values("output.logits"));
    }
  }
}

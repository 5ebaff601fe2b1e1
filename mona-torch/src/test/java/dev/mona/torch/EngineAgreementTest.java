package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.MonaException;
import dev.mona.SharedFiles;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Precision;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.MiniLm;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.ImageBatch;
import dev.mona.source.SourceBatch;
import dev.mona.source.TextBatch;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.tensor.Role;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MiniLM and SAM 2's Hiera with this engine beside ND4J's, with smaller factors, and again. */
class EngineAgreementTest {
  private static final int LENGTH = 24;
  private static final int PIXELS = 64;

  /** An encoder with its embedding, and a batch of its source. */
  private record Model(String name, PretrainedWeights weights, SourceBatch batch) {
    /** The same with weights of 8 bits of mantissa, rounded to the nearest, ties to even. */
    Model inBfloat16() {
      float[] rounded = weights.encoder().clone();
      for (int i = 0; i < rounded.length; i++) {
        int bits = Float.floatToRawIntBits(rounded[i]);
        rounded[i] = Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
      }
      return new Model(
          name, new PretrainedWeights(weights.shape(), rounded, weights.embeddings(), null), batch);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What it makes of the batch, and the gradient of a weighted sum of that. */
  private record Encoded(float[] output, float[] gradient) {}

  static Stream<Model> models() throws IOException {
    ImageBatch images =
        new ImageBatch(
            gaussian(new Random(6), 2 * 3 * PIXELS * PIXELS), PIXELS, PIXELS, new int[2]);
    return Stream.of(miniLm(), new Model("Hiera", hiera(), images));
  }

  private static Model miniLm() throws IOException {
    int[] ids = new Random(7).ints(4 * LENGTH, 1000, 20_000).toArray();
    TextBatch texts = new TextBatch(ids, LENGTH, new int[] {24, 7, 1, 17}, new int[4]);
    return new Model("MiniLM", PretrainedWeights.of(MiniLm.open(), MiniLm.ENCODER), texts);
  }

  /** The pretrained one if its file is there, otherwise one of a seed. */
  private static PretrainedWeights hiera() throws IOException {
    Optional<Path> file = SharedFiles.find("weights/sam2_hiera_tiny_trunk.fp16.safetensors");
    Map<String, WeightTensor> tensors = file.isPresent() ? read(file.get()) : drawn();
    return PretrainedWeights.of(
        EncoderCheckpoint.of(Hiera.SAM2_TINY, tensors, "trunk"),
        Hiera.SAM2_TINY.withImageSize(PIXELS));
  }

  private static Map<String, WeightTensor> read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return Safetensors.read(in, Files.size(file), file.toString());
    }
  }

  private static Map<String, WeightTensor> drawn() {
    Random random = new Random(8);
    Map<String, WeightTensor> tensors = new HashMap<>();
    for (ParameterLayout.Entry entry : Hiera.SAM2_TINY.tensors().entries()) {
      float[] values = gaussian(random, Math.toIntExact(entry.length()));
      boolean gain = entry.role() == Role.LAYER_NORM && entry.name().endsWith("weight");
      for (int i = 0; i < values.length; i++) {
        values[i] = (gain ? 1 : 0) + 0.03f * values[i];
      }
      tensors.put(entry.name(), new WeightTensor(entry.name(), entry.shape(), values));
    }
    return tensors;
  }

  private static float[] gaussian(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Device device(String engine, Precision precision) {
    try {
      Device device = Engines.named(engine).open(new DeviceSpec(0, ElementType.FLOAT, precision));
      device.bind(2);
      return device;
    } catch (MonaException e) {
      if (e.category() == MonaException.Category.ENVIRONMENT) {
        Assumptions.abort("skipped: " + e.getMessage());
      }
      throw e;
    }
  }

  private static Encoded encoded(Device device, Model model) {
    try (Tape tape = new Tape(device)) {
      return encoded(tape, model);
    }
  }

  private static Encoded encoded(Tape tape, Model model) {
    Backbone encoder = model.weights().shape().backbone();
    try (Parameters theta = Parameters.zeros(encoder.layout(), tape.device());
        Parameters slopes = theta.zerosLike()) {
      theta.assign(model.weights().encoder());
      Leaves leaves = Leaves.of(tape, theta);
      SourceEmbedder embedder = model.weights().sourceEmbedder();
      Tokens tokens = embedder.embed(tape, model.batch());
      Variable mask = embedder.mask(tape, model.batch());
      Variable output = encoder.encode(tape, leaves, tokens, mask).values();
      float[] factors = gaussian(new Random(9), Math.toIntExact(output.value().length()));
      Map<Variable, Array> wrt = new HashMap<>();
      leaves.collect(slopes, wrt);
      tape.backward(output.multiply(tape.constant(factors, output.shape())).sum(), 1, wrt);
      return new Encoded(output.value().toFloats(), slopes.toFloats());
    }
  }

  private static double product(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Norm of the difference over the norm of what is expected. */
  private static double error(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double squares = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = (double) actual[i] - expected[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares / product(expected, expected));
  }

  private static double cosine(float[] a, float[] b) {
    return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  }

  @ParameterizedTest
  @MethodSource("models")
  void bothEnginesMakeTheSame(Model model) {
    Encoded torch = encoded(device("torch", Precision.FLOAT32), model);
    Encoded nd4j = encoded(device("nd4j", Precision.FLOAT32), model);
    assertThat(error(torch.output(), nd4j.output())).isLessThan(1e-5);
    assertThat(error(torch.gradient(), nd4j.gradient())).isLessThan(1e-5);
  }

  /** The gradient of the encoder that tasks start from keeps its direction. */
  @Test
  void factorsInBfloat16KeepTheDirection() throws IOException {
    Model model = miniLm();
    Encoded small = encoded(device("torch", Precision.BF16), model);
    Encoded full = encoded(device("torch", Precision.FLOAT32), model);
    assertThat(cosine(small.gradient(), full.gradient())).isGreaterThan(0.999);
  }

  /**
   * Nothing but the factors is rounded: the gradient moves, by no more than a multiple of what
   * rounded weights alone do to it in float. That is much for Hiera, whose largest of four tokens
   * is then another one at many places.
   */
  @ParameterizedTest
  @MethodSource("models")
  void factorsInBfloat16MoveTheGradientAsRoundedWeightsDo(Model model) {
    Device device = device("torch", Precision.FLOAT32);
    Encoded small = encoded(device("torch", Precision.BF16), model);
    Encoded full = encoded(device, model);
    Encoded rounded = encoded(device, model.inBfloat16());
    assertThat(error(small.gradient(), full.gradient()))
        .isBetween(1e-4, 2 * error(rounded.gradient(), full.gradient()));
    assertThat(error(small.output(), full.output()))
        .isBetween(1e-4, 2 * error(rounded.output(), full.output()));
  }

  /** In fresh buffers, and in those of the step before. */
  @ParameterizedTest
  @MethodSource("models")
  void aRepeatHasTheSameBits(Model model) {
    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BF16}) {
      Device device = device("torch", precision);
      Encoded first = encoded(device, model);
      try (Tape tape = new Tape(device)) {
        for (int repeat = 0; repeat < 2; repeat++) {
          tape.reset();
          Encoded again = encoded(tape, model);
          assertThat(again.output()).as("output, %s", precision).isEqualTo(first.output());
          assertThat(again.gradient()).as("gradient, %s", precision).isEqualTo(first.gradient());
        }
      }
    }
  }
}

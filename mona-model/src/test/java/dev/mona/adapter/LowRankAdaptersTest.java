package dev.mona.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.autodiff.Tape;
import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.encoder.Bert;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.MiniLm;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.finetuning.TaskStep;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import dev.mona.tensor.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LowRankAdaptersTest {
  private static final long SEED = 31;

  /** Every kind of layer: post-norm, pre-norm with layer scales, windows, a joint projection. */
  private static Stream<Backbone> backbones() {
    return Stream.of(
        SmallModel.config(Bert.Variant.BERT).backbone(),
        new Vit(
                Vit.Variant.DINOV2,
                new TransformerShape(12, 2, 3, 24, 1e-6),
                new ImageShape(8, 4, 3))
            .backbone(),
        new SwinTransformer(8, List.of(2, 1), List.of(1, 2), 2, 1e-5),
        new HieraTransformer(
            8,
            1,
            new HieraTransformer.Blocks(List.of(1, 2), List.of(2, 2), Set.of(2)),
            WindowFit.PADDED,
            1e-6));
  }

  private static LowRankAdapters of(Backbone backbone, int rank, Projections projections) {
    return new LowRankAdapters(backbone.layout(), new LoraOptions(rank, 0.7, projections));
  }

  private static float[] gaussian(long n, double deviation, long seed) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(n)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  @Test
  void theWeightIsChangedByTheScaledProductOfTheFactors() {
    ParameterLayout encoder =
        ParameterLayout.builder()
            .add("first.bias", 1)
            .add(Role.VALUE, "v.weight", 2, 3)
            .add(Role.VALUE, "v.bias", 2)
            .build();
    LowRankAdapters adapters =
        new LowRankAdapters(encoder, new LoraOptions(2, 0.5, Projections.QUERY_VALUE));
    assertThat(adapters.projections()).containsExactly("v");
    assertThat(adapters.layout().entries())
        .extracting(ParameterLayout.Entry::name)
        .containsExactly("v.lora_A.weight", "v.lora_B.weight");
    // A = [1 2 3; 4 5 6], B = [1 10; 0 -2]
    float[] factors = {1, 2, 3, 4, 5, 6, 1, 10, 0, -2};
    float[] merged = adapters.merged(new float[] {7, 1, 1, 1, 1, 1, 1, 8, 9}, factors);
    assertThat(merged).containsExactly(7, 21.5f, 27, 32.5f, -3, -4, -5, 8, 9);
    assertThatThrownBy(() -> adapters.merged(new float[8], factors)).hasMessageContaining("fit");
  }

  @Test
  void projectionsAreThoseOfTheFamily() {
    DistilBert distilBert =
        new DistilBert(new TransformerShape(24, 1, 3, 40, 1e-12), new TextTables(50, 20, 0, 0));
    String layer = "transformer.layer.0.";
    assertThat(of(distilBert.backbone(), 2, Projections.QUERY_VALUE).projections())
        .containsExactly(layer + "attention.q_lin", layer + "attention.v_lin");
    assertThat(of(distilBert.backbone(), 2, Projections.ALL).projections())
        .containsExactly(
            layer + "attention.q_lin",
            layer + "attention.k_lin",
            layer + "attention.v_lin",
            layer + "attention.out_lin",
            layer + "ffn.lin1",
            layer + "ffn.lin2");
    Backbone swin = new SwinTransformer(8, List.of(1, 1), List.of(1, 2), 2, 1e-5);
    assertThat(of(swin, 2, Projections.ATTENTION).projections())
        .hasSize(8)
        .allMatch(name -> name.matches("encoder\\.layers\\.[01]\\.blocks\\.0\\.attention\\..*"))
        .noneMatch(name -> name.contains("relative"));
    Backbone hiera = backbones().skip(3).findFirst().orElseThrow();
    assertThat(of(hiera, 2, Projections.QUERY_VALUE).projections())
        .containsExactly("blocks.0.attn.qkv", "blocks.1.attn.qkv", "blocks.2.attn.qkv");
  }

  /** 6 layers of width 384: 2 projections of 2 factors of 8 x 384 in each. */
  @Test
  void theAdaptersOfMiniLmAreLessThanAHundredthOfIt() {
    Backbone miniLm = MiniLm.ENCODER.backbone();
    long adapters = of(miniLm, 8, Projections.QUERY_VALUE).layout().length();
    assertThat(adapters).isEqualTo(6L * 2 * 2 * 8 * 384);
    assertThat((double) adapters / miniLm.layout().length()).isLessThan(0.01);
  }

  @Test
  void theyStartAsNoChangeAndAsAFunctionOfTheSeed() {
    Backbone backbone = SmallModel.config(Bert.Variant.BERT).backbone();
    LowRankAdapters adapters = of(backbone, 3, Projections.ALL);
    float[] initial = adapters.initial(SEED);
    assertThat(adapters.initial(SEED)).isEqualTo(initial);
    assertThat(adapters.initial(SEED + 1)).isNotEqualTo(initial);
    for (ParameterLayout.Entry entry : adapters.layout().entries()) {
      int from = (int) entry.offset();
      float[] part = Arrays.copyOfRange(initial, from, from + (int) entry.length());
      if (entry.name().endsWith(".lora_B.weight")) {
        assertThat(part).as(entry.name()).containsOnly(0);
      } else {
        float bound = (float) (1 / Math.sqrt((double) entry.shape()[1]));
        for (float value : part) {
          assertThat(Math.abs(value)).isLessThanOrEqualTo(bound);
        }
        double squares = 0;
        for (float value : part) {
          squares += (double) value * value;
        }
        // the mean square of a uniform law is a third of its bound's
        assertThat(squares / part.length).isCloseTo(bound * bound / 3, within(0.1 * bound * bound));
      }
    }
    float[] values = gaussian(backbone.layout().length(), 0.3, SEED);
    assertThat(adapters.merged(values, initial)).isEqualTo(values);
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void mergedIsUnmerged(Backbone backbone) {
    Device device = TestDevice.doubles();
    Random random = new Random(SEED);
    int batch = 2;
    int side = 4;
    float[] tokens = gaussian((long) batch * side * side * backbone.inputWidth(), 1, SEED);
    for (Projections projections : Projections.values()) {
      LowRankAdapters adapters = of(backbone, 1 + random.nextInt(4), projections);
      float[] weights = gaussian(backbone.layout().length(), 0.2, random.nextLong());
      float[] factors = gaussian(adapters.layout().length(), 0.3, random.nextLong());
      double[] plain = encoded(device, backbone, batch, side, tokens, weights, (tape, l) -> l);
      double[] merged =
          encoded(
              device,
              backbone,
              batch,
              side,
              tokens,
              adapters.merged(weights, factors),
              (t, l) -> l);
      try (Parameters held = Parameters.zeros(adapters.layout(), device)) {
        held.assign(factors);
        double[] unmerged =
            encoded(
                device, backbone, batch, side, tokens, weights, (t, l) -> adapters.on(t, l, held));
        double largest = Arrays.stream(merged).map(Math::abs).max().orElseThrow();
        double moved = 0;
        for (int i = 0; i < merged.length; i++) {
          assertThat(unmerged[i])
              .as("%s, seed %d", projections, SEED)
              .isCloseTo(merged[i], within(1e-6 * largest));
          moved = Math.max(moved, Math.abs(merged[i] - plain[i]));
        }
        assertThat(moved).isGreaterThan(1e-3 * largest);
      }
    }
  }

  private static double[] encoded(
      Device device,
      Backbone backbone,
      int batch,
      int side,
      float[] tokens,
      float[] weights,
      BiFunction<Tape, Leaves, Leaves> change) {
    try (Tape tape = new Tape(device);
        Parameters encoder = Parameters.zeros(backbone.layout(), device)) {
      encoder.assign(weights);
      Leaves leaves = change.apply(tape, Leaves.of(tape, encoder));
      Tokens in =
          new Tokens(
              tape.constant(tokens, (long) batch * side * side, backbone.inputWidth()),
              batch,
              side,
              side);
      float[] values = backbone.encode(tape, leaves, in, null).values().value().toFloats();
      double[] doubles = new double[values.length];
      Arrays.setAll(doubles, i -> values[i]);
      return doubles;
    }
  }

  /** Of the task loss, in doubles, by central differences along random directions. */
  @Test
  void theGradientIsThatOfFiniteDifferences() {
    Device device = TestDevice.doubles();
    TaskSpec task = SmallModel.task(TaskKind.CLASSIFICATION);
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    Network network = Network.of(task, SmallModel.EMBEDDER, weights.shape());
    Map<ParameterGroup, float[]> initial =
        Initializer.initial(network, SmallModel.EMBEDDER, weights, SEED);
    LowRankAdapters adapters = of(network.backbone(), 3, Projections.ALL);
    SampleBlock batch = SmallModel.samples(task, 5, SEED);
    float[] at = gaussian(adapters.layout().length(), 0.3, SEED);
    try (ParameterSet parameters = network.zeros(device);
        Parameters factors = Parameters.zeros(adapters.layout(), device);
        Parameters slope = Parameters.zeros(adapters.layout(), device);
        TaskStep step = new TaskStep(network, parameters)) {
      for (ParameterGroup group : ParameterGroup.values()) {
        parameters.get(group).assign(Objects.requireNonNull(initial.get(group)));
      }
      factors.assign(at);
      ParameterSet gradient = new ParameterSet(slope, slope, slope);
      Function<Tape, LeafSet> leaves =
          tape -> {
            LeafSet all = LeafSet.of(tape, parameters);
            return new LeafSet(
                all.embedder(), adapters.on(tape, all.encoder(), factors), all.head());
          };
      step.addGradient(
          batch, leaves, List.of(ParameterGroup.ENCODER), role -> true, Dropout.NONE, 1, gradient);
      float[] computed = slope.toFloats();
      double norm = 0;
      for (float value : computed) {
        norm += (double) value * value;
      }
      double scale = Math.sqrt(norm);
      assertThat(scale).isPositive();
      double eps = 1.0 / (1 << 13);
      for (int trial = 0; trial < 6; trial++) {
        float[] direction = gaussian(at.length, 1, SEED + trial);
        double expected = 0;
        for (int i = 0; i < at.length; i++) {
          expected += (double) computed[i] * direction[i];
        }
        double difference =
            (loss(step, batch, leaves, factors, at, direction, eps)
                    - loss(step, batch, leaves, factors, at, direction, -eps))
                / (2 * eps);
        assertThat(difference)
            .as("direction %d, seed %d", trial, SEED)
            .isCloseTo(expected, within(2e-4 * scale * Math.sqrt(at.length)));
      }
    }
  }

  private static double loss(
      TaskStep step,
      SampleBlock batch,
      Function<Tape, LeafSet> leaves,
      Parameters factors,
      float[] at,
      float[] direction,
      double by) {
    float[] moved = at.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (by * direction[i]);
    }
    factors.assign(moved);
    double loss =
        step.addGradient(
                batch,
                leaves,
                List.of(),
                role -> true,
                Dropout.NONE,
                1,
                new ParameterSet(factors, factors, factors))
            .value();
    factors.assign(at);
    return loss;
  }
}

package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.TextBatch;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters of rank 3 and PEFT's alpha 6 on the small BERT against PEFT's, written by {@code
 * tools/golden/lora.py}: names, shapes, outputs and gradients.
 */
class LoraGoldenTest {
  private static final Bert BERT =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(24, 2, 3, 40, 1e-12),
          new TextTables(50, 20, 2, 0));
  private static final String PEFT = "base_model.model.";

  static Stream<Device> devices() {
    return TestDevice.all();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void outputAndGradientsArePefts(Device device) throws IOException {
    GoldenModel bert = GoldenModel.read("bert");
    GoldenModel golden = new GoldenModel(renamed(GoldenModel.read("lora")));
    PretrainedWeights weights =
        PretrainedWeights.of(EncoderCheckpoint.of(BERT, bert.weights(), "golden"), BERT);
    LowRankAdapters adapters =
        new LowRankAdapters(
            BERT.backbone().layout(), new LoraOptions(3, 2, Projections.QUERY_VALUE));
    Set<String> names =
        adapters.layout().entries().stream()
            .map(ParameterLayout.Entry::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(golden.weights().keySet()).containsExactlyInAnyOrderElementsOf(names);

    int[] lengths = whole(bert.values("input.lengths"));
    TextBatch batch =
        new TextBatch(whole(bert.values("input.ids")), lengths[0], lengths, new int[2]);
    try (Tape tape = new Tape(device);
        Parameters theta = bert.parameters(BERT.backbone().layout(), device);
        Parameters factors = golden.parameters(adapters.layout(), device);
        Parameters gradient = factors.zerosLike()) {
      Leaves leaves = adapters.on(tape, Leaves.of(tape, theta), factors);
      SourceEmbedder embedder = weights.sourceEmbedder();
      Tokens tokens = embedder.embed(tape, batch);
      Variable mask = embedder.mask(tape, batch);
      Variable output = BERT.backbone().encode(tape, leaves, tokens, mask).values();
      int both = lengths[0] + lengths[1]; // what follows is padding
      float[] expected = Arrays.copyOf(golden.values("output"), both * 24);
      GoldenModel.requireOutput("output", output.value().slice(0, both), expected);
      Variable summed = tape.constant(bert.values("output.weights"), output.shape());
      Map<Variable, Array> wrt = new HashMap<>();
      leaves.collect(gradient, wrt);
      tape.backward(output.multiply(summed).sum(), 1, wrt);
      golden.requireGradient(gradient);
    }
  }

  /** PEFT's names without what its wrappers put before them. */
  private static Map<String, WeightTensor> renamed(GoldenModel golden) {
    Map<String, WeightTensor> renamed = new LinkedHashMap<>();
    golden.tensors().forEach((name, tensor) -> renamed.put(name.replace(PEFT, ""), tensor));
    assertThat(renamed).hasSameSizeAs(golden.tensors());
    return renamed;
  }

  private static int[] whole(float[] values) {
    int[] whole = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      whole[i] = Math.round(values[i]);
    }
    return whole;
  }
}

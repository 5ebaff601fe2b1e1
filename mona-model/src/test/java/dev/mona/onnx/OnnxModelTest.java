package dev.mona.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.mona.MonaException;
import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.Swin;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.network.Network;
import dev.mona.nn.LeafSet;
import dev.mona.nn.WindowFit;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import onnx.Onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family of encoders with every kind of task, against ONNX Runtime. */
class OnnxModelTest {
  private static final double CLOSE = 1e-4;
  private static final Device DEVICE = TestDevice.floats();

  private static final SampleShape SERIES = SampleShape.series(2, 12);
  private static final SampleShape IMAGE = new SampleShape(2, 12, 18);

  private static Map<String, Encoder> encoders() {
    HieraTransformer.Blocks blocks =
        new HieraTransformer.Blocks(List.of(1, 2), List.of(4, 4), Set.of(2));
    TransformerShape vit = new TransformerShape(8, 2, 2, 16, 1e-6);
    return Map.of(
        "bert", SmallModel.config(Bert.Variant.BERT),
        "distilbert",
            new DistilBert(new TransformerShape(24, 2, 3, 32, 1e-12), new TextTables(40, 20, 0, 0)),
        "swin",
            new Swin(
                // stages of 6, 3 and 2 tokens: padded windows, shifts, odd maps
                new SwinTransformer(8, List.of(2, 2, 1), List.of(2, 2, 4), 2, 1e-5),
                new ImageShape(24, 4, 3)),
        "hiera", new Hiera(new HieraTransformer(8, 1, blocks, WindowFit.PADDED, 1e-6), 3, 24),
        "vit", new Vit(Vit.Variant.VIT, vit, new ImageShape(16, 4, 3)),
        "deit", new Vit(Vit.Variant.DEIT, vit, new ImageShape(16, 4, 3)),
        "dinov2", new Vit(Vit.Variant.DINOV2, vit, new ImageShape(16, 4, 3)));
  }

  private static TaskSpec task(TaskKind kind, SampleShape shape) {
    if (kind == TaskKind.DENSE) {
      TargetScale scale = new TargetScale(List.of(5.0, -1.0), List.of(2.0, 0.5));
      return new TaskSpec(
          "field", shape, new Prediction(kind, 2, List.of(), scale), LossOptions.of(kind));
    }
    return TaskSpec.of("classes", kind, shape, 3);
  }

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (String encoder : encoders().keySet().stream().sorted().toList()) {
      for (TaskKind kind : TaskKind.values()) {
        cases.add(Arguments.of(encoder, kind, SERIES));
        cases.add(Arguments.of(encoder, kind, IMAGE));
      }
    }
    return cases;
  }

  private static Network network(String encoder, TaskKind kind, SampleShape shape) {
    EmbedderOptions options = new EmbedderOptions(3, 64, EmbedderOptions.Init.PRETRAINED);
    return Network.of(task(kind, shape), options, Objects.requireNonNull(encoders().get(encoder)));
  }

  private static ParameterSet parameters(Network network) {
    Random random = new Random(7);
    ParameterSet parameters = network.zeros(DEVICE);
    for (ParameterGroup group : ParameterGroup.values()) {
      ParameterLayout layout = network.layout(group);
      float[] flat = new float[Math.toIntExact(layout.length())];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = (float) (0.3 * random.nextGaussian());
      }
      parameters.get(group).assign(flat);
    }
    return parameters;
  }

  private static byte[] bytes(OnnxModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onnxRuntimeRepeatsWhatTheNetworkPredicts(String encoder, TaskKind kind, SampleShape shape)
      throws Exception {
    Network network = network(encoder, kind, shape);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (ParameterSet parameters = parameters(network);
        Tape tape = new Tape(DEVICE);
        OrtSession session =
            environment.createSession(
                bytes(OnnxModel.of(network, parameters, DEVICE, Map.of("a", "b"))))) {
      assertThat(session.getMetadata().getCustomMetadata()).containsEntry("a", "b");
      for (int batch : new int[] {3, 1}) {
        float[] features = new float[batch * network.task().featureLength()];
        Random random = new Random(batch);
        for (int i = 0; i < features.length; i++) {
          features[i] = (float) random.nextGaussian();
        }
        tape.reset();
        float[] expected =
            network.predict(tape, LeafSet.of(tape, parameters), features).value().toFloats();
        try (OnnxTensor input =
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(features), of(shape, batch));
            OrtSession.Result result = session.run(Map.of(OnnxModel.FEATURES, input))) {
          OnnxTensor output = (OnnxTensor) result.get(0);
          assertThat(output.getInfo().getShape())
              .isEqualTo(
                  kind == TaskKind.DENSE
                      ? of(new SampleShape(2, shape.height(), shape.width()), batch)
                      : new long[] {batch, 3});
          assertClose(values(output), expected);
          if (kind != TaskKind.DENSE) {
            float[] shares = values((OnnxTensor) result.get(OnnxModel.PROBABILITY).orElseThrow());
            assertClose(shares, probability(kind, expected));
          }
        }
      }
    }
  }

  private static float[] probability(TaskKind kind, float[] logits) {
    float[] shares = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      double sum = 1 + Math.exp(logits[i]);
      if (kind == TaskKind.CLASSIFICATION) {
        sum = 0;
        for (int k = i / 3 * 3; k < i / 3 * 3 + 3; k++) {
          sum += Math.exp(logits[k]);
        }
      }
      shares[i] = (float) (Math.exp(logits[i]) / sum);
    }
    return shares;
  }

  private static long[] of(SampleShape shape, int batch) {
    return shape.isSeries()
        ? new long[] {batch, shape.channels(), shape.width()}
        : new long[] {batch, shape.channels(), shape.height(), shape.width()};
  }

  private static float[] values(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("value %d", i).isCloseTo(expected[i], within(CLOSE));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFileHoldsWhatItNeedsAndTheBatchIsOpen(String encoder, TaskKind kind, SampleShape shape)
      throws IOException {
    Network network = network(encoder, kind, shape);
    try (ParameterSet parameters = parameters(network)) {
      OnnxModel model = OnnxModel.of(network, parameters, DEVICE, Map.of());
      assertThat(bytes(OnnxModel.of(network, parameters, DEVICE, Map.of())))
          .isEqualTo(bytes(model));
      Onnx.GraphProto graph = model.proto().getGraph();
      Set<String> used = new HashSet<>();
      graph.getNodeList().forEach(node -> used.addAll(node.getInputList()));
      for (Onnx.TensorProto constant : graph.getInitializerList()) {
        assertThat(used).contains(constant.getName());
      }
      assertThat(model.interfaces().values()).allMatch(each -> each.get(0).equals("batch"));
    }
  }

  @Test
  void parametersKeepTheirNames() {
    Network network = network("bert", TaskKind.CLASSIFICATION, SERIES);
    try (ParameterSet parameters = parameters(network)) {
      OnnxModel model = OnnxModel.of(network, parameters, DEVICE, Map.of());
      assertThat(model.proto().getGraph().getInitializerList())
          .extracting(Onnx.TensorProto::getName)
          .contains(
              "encoder.layer.0.attention.self.query.weight.transposed",
              "encoder.layer.1.output.dense.bias",
              "head.classifier.bias",
              "target_embedder.position_embeddings.weight");
    }
  }

  /** 24 layers of width 4096 are 4.8 billion parameters; nothing of that size is made. */
  @Test
  void refusesWhatNoFileHolds() {
    Bert large =
        new Bert(
            Bert.Variant.BERT,
            new TransformerShape(4096, 24, 16, 16_384, 1e-12),
            new TextTables(40, 20, 2, 0));
    Network network = Network.of(task(TaskKind.CLASSIFICATION, SERIES), SmallModel.EMBEDDER, large);
    try (ParameterSet small = parameters(network("bert", TaskKind.CLASSIFICATION, SERIES))) {
      assertThatThrownBy(() -> OnnxModel.of(network, small, DEVICE, Map.of()))
          .isInstanceOf(MonaException.class)
          .hasMessageMatching("the network has 4\\d{9} parameters and an ONNX file holds .*");
    }
  }
}

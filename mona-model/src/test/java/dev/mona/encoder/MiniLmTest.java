package dev.mona.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.SharedFiles;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real pretrained encoder against published sizes and against the raw bytes of its file. */
class MiniLmTest {
  private static EncoderCheckpoint checkpoint;

  @BeforeAll
  static void open() throws IOException {
    checkpoint = MiniLm.open();
  }

  @Test
  void hasThePublishedNumberOfTensorsAndParameters() {
    assertThat(checkpoint.tensors()).hasSize(101);
    assertThat(checkpoint.parameterCount()).isEqualTo(22_565_376);
  }

  @Test
  void agreesWithItsCard() throws IOException {
    JsonNode card =
        new ObjectMapper()
            .readTree(SharedFiles.require("weights/cards.json").toFile())
            .get("all-minilm-l6-v2");
    TextEncoder config = MiniLm.ENCODER;
    assertThat(checkpoint.encoder()).isEqualTo(config);
    assertThat(checkpoint.tensors()).hasSize(card.get("tensors").asInt());
    assertThat(checkpoint.parameterCount()).isEqualTo(card.get("params").asLong());
    assertThat(config.shape().layers()).isEqualTo(card.get("layers").asInt());
    assertThat(config.shape().width()).isEqualTo(card.get("hidden").asInt());
    assertThat(config.shape().heads()).isEqualTo(card.get("heads").asInt());
    assertThat(config.shape().inner()).isEqualTo(card.get("ffn").asInt());
    assertThat(config.tables().vocabulary()).isEqualTo(card.get("vocab").asInt());
    assertThat(config.tables().positions()).isEqualTo(card.get("max_positions").asInt());
    assertThat(config.layerNormEpsilon()).isEqualTo(card.get("layer_norm_eps").asDouble());
  }

  /** The anonymous names were read off the nodes of the graph by hand. */
  @Test
  void linearWeightsAreTheTransposedAnonymousOnes() throws IOException {
    Map<String, String> storedAs =
        Map.of(
            "encoder.layer.0.attention.self.query.weight", "onnx::MatMul_787",
            "encoder.layer.0.attention.self.key.weight", "onnx::MatMul_788",
            "encoder.layer.0.attention.self.value.weight", "onnx::MatMul_791",
            "encoder.layer.0.attention.output.dense.weight", "onnx::MatMul_797",
            "encoder.layer.2.attention.self.query.weight", "onnx::MatMul_813",
            "encoder.layer.2.intermediate.dense.weight", "onnx::MatMul_824",
            "encoder.layer.2.output.dense.weight", "onnx::MatMul_825");
    Map<String, Onnx.TensorProto> raw = new HashMap<>();
    try (InputStream in = MiniLm.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      Onnx.ModelProto model = Onnx.ModelProto.parseFrom(Objects.requireNonNull(in));
      model.getGraph().getInitializerList().forEach(tensor -> raw.put(tensor.getName(), tensor));
    }
    storedAs.forEach(
        (name, anonymous) -> {
          Onnx.TensorProto stored = Objects.requireNonNull(raw.get(anonymous), anonymous);
          ByteBuffer data =
              stored.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
          WeightTensor weight = checkpoint.tensor(name);
          int in = (int) stored.getDims(0);
          int out = (int) stored.getDims(1);
          assertThat(weight.shape()).as(name).containsExactly(out, in);
          for (int o = 0; o < out; o += 7) {
            for (int i = 0; i < in; i += 5) {
              assertThat(weight.values()[o * in + i])
                  .as("%s[%d, %d]", name, o, i)
                  .isEqualTo(data.getFloat(4 * (i * out + o)));
            }
          }
        });
  }

  @Test
  void carriesItsTokenizer() throws IOException {
    try (InputStream in = MiniLm.tokenizer()) {
      JsonNode vocabulary = new ObjectMapper().readTree(in).path("model").path("vocab");
      assertThat(vocabulary.size()).isEqualTo(MiniLm.ENCODER.tables().vocabulary());
    }
  }
}

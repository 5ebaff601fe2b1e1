package dev.mona.weights;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.mona.encoder.EncoderFamily;
import dev.mona.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.ByteString;

/** Damaged weights and configurations. */
class WeightsFuzzTest {
  private static final String BERT =
      """
      {"model_type": "bert", "vocab_size": 200, "hidden_size": 24, "num_hidden_layers": 2,
       "num_attention_heads": 3, "intermediate_size": 32, "max_position_embeddings": 16,
       "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu"}
      """;
  private static final String DISTILBERT =
      """
      {"model_type": "distilbert", "vocab_size": 200, "dim": 24, "n_layers": 2, "n_heads": 3,
       "hidden_dim": 32, "max_position_embeddings": 16, "activation": "gelu"}
      """;
  private static final String SWIN =
      """
      {"model_type": "swin", "embed_dim": 12, "depths": [1, 1], "num_heads": [1, 2],
       "window_size": 4, "image_size": 32, "patch_size": 4, "num_channels": 3}
      """;
  private static final String HIERA =
      """
      {"model_type": "sam2_hiera", "embed_dim": 12, "num_heads": 1, "depths": [1, 2],
       "window_spec": [4, 3], "global_att_blocks": [1], "image_size": 32}
      """;

  private static final String VIT =
      """
      {"model_type": "vit", "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3,
       "intermediate_size": 32, "image_size": 32, "patch_size": 4, "num_channels": 3}
      """;
  private static final String DINOV2 =
      """
      {"model_type": "dinov2", "hidden_size": 12, "num_hidden_layers": 2, "mlp_ratio": 4,
       "num_attention_heads": 3, "image_size": 28, "patch_size": 14, "use_swiglu_ffn": false}
      """;

  @Test
  void safetensors() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Safetensors.write(
        written,
        List.of(
            new WeightTensor("a.weight", new long[] {3, 4}, new float[12]),
            new WeightTensor("b", new long[] {}, new float[1]),
            new WeightTensor("c", new long[] {0, 7}, new float[0])),
        Map.of("format", "pt"));
    Fuzz.text("safetensors")
        .seed(written.toByteArray())
        .seed(
            safetensors(
                """
                {"x":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]},
                 "y":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},
                 "z":{"dtype":"I64","shape":[2],"data_offsets":[14,30]}}\
                """,
                30))
        .check(file -> Safetensors.read(new ByteArrayInputStream(file), file.length, "a file"));
  }

  private static byte[] safetensors(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void onnx() {
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInitializer(tensor("onnx::MatMul_7", 24, 2, 3))
            .addInitializer(tensor("layer.dense.bias", 12, 3))
            .addNode(node("MatMul", "y", "x", "onnx::MatMul_7"))
            .addNode(node("Add", "z", "layer.dense.bias", "y"))
            .build();
    Fuzz.binary("onnx")
        .seed(Onnx.ModelProto.newBuilder().setIrVersion(7).setGraph(graph).build().toByteArray())
        .check(file -> OnnxInitializers.read(new ByteArrayInputStream(file), "a file"));
  }

  private static Onnx.TensorProto tensor(String name, int bytes, long... shape) {
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder()
            .setName(name)
            .setDataType(Onnx.TensorProto.DataType.FLOAT.getNumber())
            .setRawData(ByteString.copyFrom(new byte[bytes]));
    for (long axis : shape) {
      tensor.addDims(axis);
    }
    return tensor.build();
  }

  private static Onnx.NodeProto node(String operator, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  @Test
  void ort() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    byte[] values = OrtInitializersTest.floats(1, 2, 3, 4, 5, 6);
    int first = OrtInitializersTest.tensor(builder, "trunk.a", 1, values, 2, 3);
    int second = OrtInitializersTest.tensor(builder, "trunk.b", 10, new byte[8], 4);
    Fuzz.binary("ort")
        .seed(OrtInitializersTest.file(builder, first, second))
        .check(file -> OrtInitializers.read(file, "a file"));
  }

  @Test
  void configurations() {
    Fuzz fuzz = Fuzz.text("config.json");
    for (String config : List.of(BERT, DISTILBERT, SWIN, HIERA, VIT, DINOV2)) {
      fuzz.seed(config.getBytes(StandardCharsets.UTF_8));
    }
    fuzz.check(file -> EncoderFamily.read(new ByteArrayInputStream(file), "a file"));
  }
}

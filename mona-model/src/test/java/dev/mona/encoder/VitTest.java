package dev.mona.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Pooling;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations and folders of ViT, DeiT and DINOv2 as they are published. */
class VitTest {
  /** As vit-base-patch16-224 publishes it, its classes but for two left out. */
  private static final String VIT_BASE =
      """
      {"_name_or_path": "google/vit-base-patch16-224-in21k",
       "architectures": ["ViTForImageClassification"], "attention_probs_dropout_prob": 0.0,
       "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "hidden_size": 768,
       "id2label": {"0": "tench, Tinca tinca", "1": "goldfish, Carassius auratus"},
       "image_size": 224, "initializer_range": 0.02, "intermediate_size": 3072,
       "layer_norm_eps": 1e-12, "model_type": "vit", "num_attention_heads": 12,
       "num_channels": 3, "num_hidden_layers": 12, "patch_size": 16, "qkv_bias": true,
       "transformers_version": "4.13.0.dev0"}""";

  /** As deit-base-distilled-patch16-224 publishes it. */
  private static final String DEIT_BASE =
      """
      {"architectures": ["DeiTForImageClassificationWithTeacher"],
       "attention_probs_dropout_prob": 0.0, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
       "hidden_size": 768, "image_size": 224, "initializer_range": 0.02,
       "intermediate_size": 3072, "layer_norm_eps": 1e-12, "model_type": "deit",
       "num_attention_heads": 12, "num_channels": 3, "num_hidden_layers": 12, "patch_size": 16}""";

  /** As dinov2-small publishes it. */
  private static final String DINOV2_SMALL =
      """
      {"architectures": ["Dinov2Model"], "attention_probs_dropout_prob": 0.0,
       "drop_path_rate": 0.0, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
       "hidden_size": 384, "image_size": 518, "initializer_range": 0.02,
       "layer_norm_eps": 1e-06, "layerscale_value": 1.0, "mlp_ratio": 4, "model_type": "dinov2",
       "num_attention_heads": 6, "num_channels": 3, "num_hidden_layers": 12, "patch_size": 14,
       "qkv_bias": true, "torch_dtype": "float32", "use_swiglu_ffn": false}""";

  private static final Vit SMALL =
      new Vit(Vit.Variant.VIT, new TransformerShape(6, 2, 3, 10, 1e-12), new ImageShape(12, 4, 3));

  private final Path folder;

  VitTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void readsWhatIsPublished() throws IOException {
    assertThat(read(VIT_BASE))
        .isEqualTo(
            new Vit(
                Vit.Variant.VIT,
                new TransformerShape(768, 12, 12, 3072, 1e-12),
                new ImageShape(224, 16, 3)));
    assertThat(read(DEIT_BASE))
        .isEqualTo(
            new Vit(
                Vit.Variant.DEIT,
                new TransformerShape(768, 12, 12, 3072, 1e-12),
                new ImageShape(224, 16, 3)));
    assertThat(read(DINOV2_SMALL))
        .isEqualTo(
            new Vit(
                Vit.Variant.DINOV2,
                new TransformerShape(384, 12, 6, 1536, 1e-6),
                new ImageShape(518, 14, 3)));
  }

  /** Of ViT-B/16 and DeiT-B without classifiers, of DINOv2-S without its mask token. */
  @Test
  void expectsThePublishedNumberOfParameters() throws IOException {
    assertThat(read(VIT_BASE).tensors().length()).isEqualTo(86_567_656 - 769_000);
    assertThat(read(DEIT_BASE).tensors().length()).isEqualTo(87_338_192 - 2 * 769_000);
    assertThat(read(DINOV2_SMALL).tensors().length()).isEqualTo(22_056_576 - 384);
  }

  @Test
  void comesBackFromItsOwnFileWithTheSameBytes() throws IOException {
    for (Vit vit :
        List.of(
            (Vit) read(VIT_BASE),
            ((Vit) read(VIT_BASE)).withImageSize(64),
            (Vit) read(DEIT_BASE),
            (Vit) read(DINOV2_SMALL),
            SMALL)) {
      byte[] file = write(vit);
      Encoder back = EncoderFamily.read(new ByteArrayInputStream(file), "x");
      assertThat(back).isEqualTo(vit);
      assertThat(write(back)).isEqualTo(file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gelu\"|\"gelu_fast\"|hidden_act is 'gelu_fast' and only 'gelu' is supported",
        "\"qkv_bias\": true|\"qkv_bias\": false|qkv_bias is 'false' and only true is supported",
        "\"hidden_size\": 768,|''|hidden_size is missing",
        "\"intermediate_size\": 3072,|''|intermediate_size is missing",
        "\"hidden_size\": 768|\"hidden_size\": 2000000000|hidden width 2000000000 is not in",
        "heads\": 12|heads\": 0|number of heads 0 is not in 1 to 256",
        "heads\": 12|heads\": 7|width 768 is no multiple of the 7 heads",
        "layers\": 12|layers\": -1|num_hidden_layers is '-1', not a size",
        "layers\": 12|layers\": 1000000|number of layers 1000000 is not in 1 to 256",
        "1e-12|\"x\"|layer_norm_eps is '\"x\"', not a number",
        "1e-12|0|layer-norm epsilon 0.0 is not in (0, 0.1]",
        "\"image_size\": 224|\"image_size\": [224, 224]|image_size is '[224,224]', not a size",
        "\"patch_size\": 16|\"patch_size\": 0|patch 0 is not in 1 to 64",
        "channels\": 3|channels\": 4|num_channels is '4' and only 3.0 is supported",
        "\"vit\"|\"vit_mae\"|model_type is 'vit_mae' and must be",
      })
  void refusesAViTThatItCannotBuild(String from, String to, String expected) {
    assertRefused(VIT_BASE, from, to, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "use_swiglu_ffn\": false|use_swiglu_ffn\": true|use_swiglu_ffn is 'true' and only false",
        "mlp_ratio\": 4|mlp_ratio\": 2000000000|mlp_ratio 2000000000 is not in 1 to 64",
        "mlp_ratio\": 4|mlp_ratio\": 0|mlp_ratio 0 is not in 1 to 64",
        "mlp_ratio\": 4|mlp_ratio\": 2.5|mlp_ratio is '2.5', not a size",
        "\"hidden_size\": 384|\"hidden_size\": 2000000000|hidden width 2000000000 is not in",
      })
  void refusesADinoThatItCannotBuild(String from, String to, String expected) {
    assertRefused(DINOV2_SMALL, from, to, expected);
  }

  private static void assertRefused(String json, String from, String to, String expected) {
    String changed = json.replace(from, to);
    assertThat(changed).isNotEqualTo(json);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("config.json ")
        .hasMessageContaining(expected);
  }

  @Test
  void moreTokensThanAnArrayHoldsAreRefused() {
    Vit huge =
        new Vit(
            Vit.Variant.VIT,
            new TransformerShape(16_384, 1, 1, 1, 1e-12),
            new ImageShape(4096, 1, 3));
    assertThatThrownBy(huge::requireImageSize)
        .isInstanceOfSatisfying(
            MonaException.class, e -> assertThat(e.settings()).containsExactly(Setting.IMAGE_SIZE))
        .hasMessageStartingWith("an image size of 4096 makes 16777217 tokens");
  }

  @Test
  void aFolderOfAClassifierOpensWithoutPoolerAndMaskToken() throws IOException {
    List<WeightTensor> tensors = tensors(SMALL, "vit.");
    tensors.add(tensor("vit.pooler.dense.weight", 6, 6));
    tensors.add(tensor("vit.embeddings.mask_token", 1, 1, 6));
    tensors.add(tensor("classifier.weight", 4, 6));
    tensors.add(tensor("classifier.bias", 4));
    save(SMALL, tensors);
    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));
    assertThat(checkpoint.encoder()).isEqualTo(SMALL);
    assertThat(checkpoint.tensors()).hasSize(SMALL.tensors().entries().size());
    SourceClassifier classifier = checkpoint.classifier().orElseThrow();
    assertThat(classifier.pooling()).isEqualTo(Pooling.FIRST);
    assertThat(classifier.weight().values()).isEqualTo(tensor("", 4, 6).values());
  }

  @Test
  void refusesAClassifierOfAnotherWidth() throws IOException {
    List<WeightTensor> tensors = tensors(SMALL, "vit.");
    tensors.add(tensor("classifier.weight", 4, 12));
    tensors.add(tensor("classifier.bias", 4));
    save(SMALL, tensors);
    assertRefused("Tensor 'classifier.weight'", "is [4, 12] and must be [4, 6]");
  }

  @Test
  void refusesTheTensorsOfAnotherVariantOrSize() throws IOException {
    List<WeightTensor> tensors = tensors(SMALL, "");
    tensors.add(tensor("embeddings.distillation_token", 1, 1, 6));
    save(SMALL.withImageSize(16), tensors);
    assertRefused(
        "1 tensor of another shape"
            + " ('embeddings.position_embeddings [1, 10, 6] instead of [1, 17, 6]')",
        "1 tensor unexpected ('embeddings.distillation_token')");
  }

  private void assertRefused(String... expected) {
    assertThatThrownBy(() -> EncoderCheckpoint.open(ModelFolder.of(folder)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(expected);
  }

  /** So what is written for another size is a checkpoint of that size. */
  @Test
  void thePositionTableIsThatOfTheImageSize() {
    EncoderCheckpoint checkpoint = EncoderCheckpoint.of(SMALL, map(tensors(SMALL, "")), "x");
    PretrainedWeights weights = PretrainedWeights.of(checkpoint, SMALL.withImageSize(20));
    WeightTensor resized =
        WeightTensor.named("embeddings.position_embeddings", weights.embeddings());
    assertThat(resized.shape()).containsExactly(1, 26, 6);
    float[] table = checkpoint.tensor(resized.name()).values();
    assertThat(Arrays.copyOf(resized.values(), 6)).isEqualTo(Arrays.copyOf(table, 6));
    // a table that grows steadily does so at another size, but for its borders
    float step = resized.values()[6 * 14] - resized.values()[6 * 13];
    assertThat(step).isPositive().isLessThan(table[6 * 6] - table[6 * 5]);
    assertThat(weights.shape().tensors().entry(resized.name()).shape()).isEqualTo(resized.shape());
    WeightTensor same =
        WeightTensor.named(resized.name(), PretrainedWeights.of(checkpoint, SMALL).embeddings());
    assertThat(same.values()).isEqualTo(table);
  }

  @Test
  void theScaleOfALayerIsNoNormAndNoAttention() throws IOException {
    ParameterLayout layout = read(DINOV2_SMALL).backbone().layout();
    assertThat(layout.entry("encoder.layer.3.layer_scale1.lambda1").role()).isEqualTo(Role.SCALE);
    assertThat(layout.entry("encoder.layer.3.norm2.weight").role()).isEqualTo(Role.LAYER_NORM);
    assertThat(layout.entry("encoder.layer.3.attention.attention.key.bias").role())
        .isEqualTo(Role.KEY);
    assertThat(layout.entry("encoder.layer.3.mlp.fc1.weight").role()).isEqualTo(Role.FEED_FORWARD);
    assertThat(layout.entry("layernorm.bias").role()).isEqualTo(Role.LAYER_NORM);
  }

  private void save(Encoder encoder, List<WeightTensor> tensors) throws IOException {
    Files.write(folder.resolve("config.json"), write(encoder));
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of("format", "pt"));
    }
  }

  private static List<WeightTensor> tensors(Encoder encoder, String prefix) {
    List<WeightTensor> tensors = new ArrayList<>();
    for (ParameterLayout.Entry entry : encoder.tensors().entries()) {
      tensors.add(tensor(prefix + entry.name(), entry.shape()));
    }
    return tensors;
  }

  private static Map<String, WeightTensor> map(List<WeightTensor> tensors) {
    Map<String, WeightTensor> map = new HashMap<>();
    tensors.forEach(tensor -> map.put(tensor.name(), tensor));
    return map;
  }

  private static WeightTensor tensor(String name, long... shape) {
    int length = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i / 10f;
    }
    return new WeightTensor(name, shape, values);
  }

  private static Encoder read(String json) throws IOException {
    return EncoderFamily.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "config.json");
  }

  private static byte[] write(Encoder encoder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.write(out);
    return out.toByteArray();
  }
}

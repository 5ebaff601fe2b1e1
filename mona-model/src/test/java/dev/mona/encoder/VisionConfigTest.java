package dev.mona.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.nn.WindowFit;
import dev.mona.tensor.ParameterLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionConfigTest {
  /** As swin-tiny-patch4-window7-224 publishes it, its classes but for two left out. */
  private static final String SWIN_TINY =
      """
      {"architectures": ["SwinForImageClassification"], "attention_probs_dropout_prob": 0.0,
       "depths": [2, 2, 6, 2], "drop_path_rate": 0.1, "embed_dim": 96, "encoder_stride": 32,
       "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "hidden_size": 768,
       "id2label": {"0": "tench, Tinca tinca", "1": "goldfish, Carassius auratus"},
       "image_size": 224, "initializer_range": 0.02, "layer_norm_eps": 1e-05, "mlp_ratio": 4.0,
       "model_type": "swin", "num_channels": 3, "num_heads": [3, 6, 12, 24], "num_layers": 4,
       "patch_size": 4, "path_norm": true, "qkv_bias": true, "use_absolute_embeddings": false,
       "window_size": 7}""";

  private static final String HIERA_TINY =
      """
      {"model_type": "sam2_hiera", "embed_dim": 96, "num_heads": 1, "depths": [1, 2, 7, 2],
       "window_spec": [8, 4, 14, 7], "global_att_blocks": [5, 7, 9],
       "window_pos_embed_bkg_spatial_size": 7, "layer_norm_eps": 1e-06, "image_size": 64}""";

  @Test
  void readsSwin() throws IOException {
    assertThat(read(SWIN_TINY))
        .isEqualTo(
            new Swin(
                new SwinTransformer(96, List.of(2, 2, 6, 2), List.of(3, 6, 12, 24), 7, 1e-5),
                new ImageShape(224, 4, 3)));
  }

  @Test
  void readsHiera() throws IOException {
    assertThat(read(HIERA_TINY)).isEqualTo(Hiera.SAM2_TINY);
  }

  /** Swin-T has 28,288,354 parameters with a classifier of 1,000 classes, 768,1000 + 1000 of it. */
  @Test
  void expectsThePublishedNumberOfParameters() throws IOException {
    assertThat(parameters(read(SWIN_TINY))).isEqualTo(28_288_354 - 769_000);
    assertThat(parameters(Hiera.SAM2_TINY)).isEqualTo(26_849_472);
  }

  private static long parameters(Encoder config) {
    return config.tensors().length();
  }

  @Test
  void comesBackFromItsOwnFileWithTheSameBytes() throws IOException {
    List<Encoder> configs =
        List.of(
            read(SWIN_TINY),
            new Swin(
                new SwinTransformer(8, List.of(1, 3), List.of(2, 4), 4, 1e-4),
                new ImageShape(52, 2, 3)),
            Hiera.SAM2_TINY,
            new Hiera(
                new HieraTransformer(
                    8,
                    2,
                    new HieraTransformer.Blocks(List.of(2, 1), List.of(4, 3), Set.of()),
                    WindowFit.PADDED,
                    1e-5),
                14,
                224));
    for (Encoder config : configs) {
      byte[] file = write(config);
      Encoder back = EncoderFamily.read(new ByteArrayInputStream(file), "x");
      assertThat(back).isEqualTo(config);
      assertThat(write(back)).isEqualTo(file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gelu\"|\"relu\"|hidden_act is 'relu' and only 'gelu' is supported",
        "4.0|2.0|mlp_ratio is '2.0' and only 4.0 is supported",
        "\"qkv_bias\": true|\"qkv_bias\": false|qkv_bias is 'false' and only true is supported",
        "\"qkv_bias\": true|\"qkv_bias\": 1|qkv_bias is '1' and only true is supported",
        "embeddings\": false|embeddings\": true|use_absolute_embeddings is 'true' and only false",
        "[2, 2, 6, 2]|[2, 2, 6]|are not those of 1 to 8 stages",
        "[2, 2, 6, 2]|[2, 2, 6, -2]|depths is '[2,2,6,-2]', not a list of sizes",
        "[2, 2, 6, 2]|[2, 2, 6, 2.5]|depths is '[2,2,6,2.5]', not a list of sizes",
        "[2, 2, 6, 2]|4|depths is '4', not a list of sizes",
        "[2, 2, 6, 2]|[2, 2, 600, 2]|depth of stage 3 600 is not in 1 to 256",
        "[3, 6, 12, 24]|[3, 6, 12, 25]|width 768 is no multiple of the 25 heads",
        "\"embed_dim\": 96|\"embed_dim\": 1000000000|width 1000000000 is not in 1 to 4096",
        "\"window_size\": 7|\"window_size\": 1|window 1 is not in 2 to 64",
        "\"image_size\": 224|\"image_size\": [224]|image_size is '[224]', not a size",
        "\"patch_size\": 4|\"patch_size\": 0|patch 0 is not in 1 to 64",
        "channels\": 3|channels\": 1|num_channels is '1' and only 3.0 is supported",
        "\"embed_dim\": 96,|''|embed_dim is missing",
      })
  void refusesASwinThatItCannotBuild(String from, String to, String expected) {
    assertRefused(SWIN_TINY, from, to, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[8, 4, 14, 7]|[8, 3, 14, 7]|window 3 of stage 2 is odd",
        "[8, 4, 14, 7]|[8, 4]|are not those of 1 to 8 stages",
        "[5, 7, 9]|[5, 7, 12]|global block 12 is not in 0 to 11",
        "[5, 7, 9]|[]x|is not valid JSON",
        "\"num_heads\": 1|\"num_heads\": 5|width 96 is no multiple of the 5 heads",
        "\"num_heads\": 1|\"mlp_ratio\": 3|mlp_ratio is '3' and only 4.0 is supported; num_heads is",
        "spatial_size\": 7|spatial_size\": 0|side of the position table 0",
      })
  void refusesAHieraThatItCannotBuild(String from, String to, String expected) {
    assertRefused(HIERA_TINY, from, to, expected);
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
  void listsTheTensorsOfASwin() {
    ParameterLayout expected =
        new Swin(new SwinTransformer(8, List.of(2, 2), List.of(2, 4), 4, 1e-5)).tensors();
    assertThat(expected.entries()).hasSize(4 + 4 * 17 + 3 + 2);
    assertThat(expected.entry("encoder.layers.1.blocks.0.intermediate.dense.weight").shape())
        .containsExactly(64, 16);
  }

  private static Encoder read(String json) throws IOException {
    return EncoderFamily.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "config.json");
  }

  private static byte[] write(Encoder config) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    config.write(out);
    return out.toByteArray();
  }
}

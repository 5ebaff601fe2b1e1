package dev.mona.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import dev.mona.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistilBertTest {
  /** The published configuration of distilbert-base-uncased. */
  private static final String BASE =
      """
      {"activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1,
       "dim": 768, "dropout": 0.1, "hidden_dim": 3072, "initializer_range": 0.02,
       "max_position_embeddings": 512, "model_type": "distilbert", "n_heads": 12, "n_layers": 6,
       "pad_token_id": 0, "qa_dropout": 0.1, "seq_classif_dropout": 0.2,
       "sinusoidal_pos_embds": false, "tie_weights_": true, "vocab_size": 30522}""";

  private static final DistilBert SMALL =
      new DistilBert(new TransformerShape(4, 1, 2, 6, 1e-12), new TextTables(7, 5, 0, 0));

  private static Encoder read(String json) throws IOException {
    return EncoderFamily.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "config.json");
  }

  private static String write(Encoder encoder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.write(out);
    return out.toString(UTF_8);
  }

  @Test
  void readsThePublishedConfiguration() throws IOException {
    Encoder base = read(BASE);
    assertThat(base)
        .isEqualTo(
            new DistilBert(
                new TransformerShape(768, 6, 12, 3072, 1e-12), new TextTables(30_522, 512, 0, 0)));
    assertThat(base.kind()).isEqualTo("DISTILBERT");
    assertThat(base.tensors().length()).isEqualTo(66_362_880);
  }

  /** The keys of the published one that describe the encoder, with the same values. */
  @Test
  void writesThePublishedKeys() throws IOException {
    Encoder base = read(BASE);
    String file = write(base);
    assertThat(read(file)).isEqualTo(base);
    ObjectMapper mapper = new ObjectMapper();
    JsonNode written = mapper.readTree(file);
    ObjectNode published = (ObjectNode) mapper.readTree(BASE);
    published.remove(List.of("attention_dropout", "dropout", "initializer_range", "qa_dropout"));
    published.remove(List.of("seq_classif_dropout", "tie_weights_"));
    published.putArray("architectures").add("DistilBertModel");
    assertThat(written).isEqualTo(published);
  }

  @Test
  void sinusoidalPositionsAreValuesOfTheSameTable() throws IOException {
    String sinusoidal =
        BASE.replace("\"sinusoidal_pos_embds\": false", "\"sinusoidal_pos_embds\": true");
    assertThat(read(sinusoidal)).isEqualTo(read(BASE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gelu\"|\"relu\"|activation is 'relu' and only 'gelu' is supported",
        "768|770|width 770 is no multiple of the 12 heads",
        "768|-768|dim is '-768', not a size",
        "768|7.5|dim is '7.5', not a size",
        "3072|99999999999|hidden_dim is '99999999999', not a size",
        "30522|2000000000|vocabulary size 2000000000 is not in 1 to 2000000",
        "512|0|number of positions 0 is not in 1 to 1048576",
        "\"n_heads\": 12|\"n_heads\": 0|number of heads 0",
        "\"n_layers\": 6|\"n_layers\": 100000|number of layers 100000",
        "\"n_layers\": 6,|''|n_layers is missing",
      })
  void refusesWhatItCannotBuild(String from, String to, String expected) {
    String json = BASE.replace(from, to);
    assertThat(json).isNotEqualTo(BASE);
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("config.json does not describe a supported encoder: ")
        .hasMessageContaining(expected);
  }

  @Test
  void hasWhatItsFileCannotSay() {
    for (TextTables tables : List.of(new TextTables(7, 5, 2, 0), new TextTables(7, 5, 0, 1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new DistilBert(SMALL.shape(), tables));
    }
    TransformerShape wide = new TransformerShape(4, 1, 2, 6, 1e-5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DistilBert(wide, SMALL.tables()))
        .withMessageContaining("an epsilon of 1.0E-12");
  }

  /** As published: behind the model's name, with the head that it was trained with. */
  @Test
  void readsTensorsAsPublished() {
    Map<String, WeightTensor> file = new LinkedHashMap<>();
    for (ParameterLayout.Entry entry : SMALL.tensors().entries()) {
      put(file, "distilbert." + entry.name(), entry.shape());
    }
    put(file, "vocab_transform.weight", 4, 4);
    put(file, "vocab_layer_norm.weight", 4);
    put(file, "vocab_projector.bias", 7);
    put(file, "distilbert.embeddings.position_ids", 1, 5);
    assertThat(EncoderCheckpoint.of(SMALL, file, "file").tensors().keySet())
        .containsExactly(
            "embeddings.word_embeddings.weight",
            "embeddings.position_embeddings.weight",
            "embeddings.LayerNorm.weight",
            "embeddings.LayerNorm.bias",
            "transformer.layer.0.attention.q_lin.weight",
            "transformer.layer.0.attention.q_lin.bias",
            "transformer.layer.0.attention.k_lin.weight",
            "transformer.layer.0.attention.k_lin.bias",
            "transformer.layer.0.attention.v_lin.weight",
            "transformer.layer.0.attention.v_lin.bias",
            "transformer.layer.0.attention.out_lin.weight",
            "transformer.layer.0.attention.out_lin.bias",
            "transformer.layer.0.sa_layer_norm.weight",
            "transformer.layer.0.sa_layer_norm.bias",
            "transformer.layer.0.ffn.lin1.weight",
            "transformer.layer.0.ffn.lin1.bias",
            "transformer.layer.0.ffn.lin2.weight",
            "transformer.layer.0.ffn.lin2.bias",
            "transformer.layer.0.output_layer_norm.weight",
            "transformer.layer.0.output_layer_norm.bias");
    put(file, "distilbert.transformer.layer.1.ffn.lin1.bias", 6);
    assertThatThrownBy(() -> EncoderCheckpoint.of(SMALL, file, "file"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("1 tensor unexpected ('transformer.layer.1.ffn.lin1.bias')");
  }

  private static void put(Map<String, WeightTensor> file, String name, long... shape) {
    int n = 1;
    for (long size : shape) {
      n *= (int) size;
    }
    file.put(name, new WeightTensor(name, shape, new float[n]));
  }

  @Test
  void rolesAreThoseOfBert() {
    assertThat(names(role -> role == Role.LAYER_NORM))
        .containsExactly(
            "sa_layer_norm.weight",
            "sa_layer_norm.bias",
            "output_layer_norm.weight",
            "output_layer_norm.bias");
    assertThat(names(Role::isAttention)).hasSize(8).allMatch(name -> name.startsWith("attention."));
    assertThat(names(role -> role == Role.VALUE))
        .containsExactly("attention.v_lin.weight", "attention.v_lin.bias");
  }

  /** Parts of the layer with some roles. */
  private static List<String> names(Predicate<Role> roles) {
    return SMALL.backbone().layout().entries().stream()
        .filter(entry -> roles.test(entry.role()))
        .map(entry -> entry.name().substring("transformer.layer.0.".length()))
        .toList();
  }
}

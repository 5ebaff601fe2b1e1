package dev.mona.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertTest {
  /** The published configuration of roberta-base. */
  private static final String ROBERTA_BASE =
      """
      {"architectures": ["RobertaForMaskedLM"], "attention_probs_dropout_prob": 0.1,
       "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
       "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072,
       "layer_norm_eps": 1e-05, "max_position_embeddings": 514, "model_type": "roberta",
       "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 1,
       "type_vocab_size": 1, "vocab_size": 50265}""";

  @Test
  void readsRoberta() throws IOException {
    Bert config = read(ROBERTA_BASE);
    assertThat(config)
        .isEqualTo(
            new Bert(
                Bert.Variant.ROBERTA,
                new TransformerShape(768, 12, 12, 3072, 1e-5),
                new TextTables(50_265, 514, 1, 2)));
    assertThat(config.tables().maxTokens()).isEqualTo(512);
  }

  @Test
  void readsBertAndFillsInWhatHasOneDefault() throws IOException {
    assertThat(
            read(
                """
                {"model_type": "bert", "vocab_size": 30522, "hidden_size": 384,
                 "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
                 "max_position_embeddings": 512, "pad_token_id": 0}"""))
        .isEqualTo(MiniLm.ENCODER);
  }

  @Test
  void comesBackFromItsOwnFileWithTheSameBytes() throws IOException {
    for (Encoder config : List.of(MiniLm.ENCODER, read(ROBERTA_BASE))) {
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
        "\"roberta\"|\"electra\"|model_type is 'electra' and must be bert, roberta, xlm-roberta, camembert, ",
        "\"gelu\"|\"gelu_new\"|hidden_act is 'gelu_new'",
        "768|770|width 770 is no multiple of the 12 heads",
        "768|-768|hidden_size is '-768', not a size",
        "768|\"768\"|hidden_size is '\"768\"', not a size",
        "768|7.5|hidden_size is '7.5', not a size",
        "768|99999999999|hidden_size is '99999999999', not a size",
        "50265|2000000000|vocabulary size 2000000000 is not in 1 to 2000000",
        "\"num_hidden_layers\": 12|\"num_hidden_layers\": 100000|number of layers 100000",
        "\"num_hidden_layers\": 12,|''|num_hidden_layers is missing",
        "514|2|position offset 2 is not in 0 to 1",
        "1e-05|0|epsilon 0.0",
        "1e-05|\"small\"|layer_norm_eps is '\"small\"', not a number",
      })
  void refusesWhatItCannotBuild(String from, String to, String expected) {
    String json = ROBERTA_BASE.replace(from, to);
    assertThat(json).isNotEqualTo(ROBERTA_BASE);
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("config.json does not describe a supported encoder: ")
        .hasMessageContaining(expected);
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThatThrownBy(
            () -> read("{\"model_type\": \"bert\", \"hidden_act\": \"relu\", \"hidden_size\": 8}"))
        .hasMessageContaining("hidden_act is 'relu'")
        .hasMessageContaining("vocab_size is missing")
        .hasMessageContaining("num_attention_heads is missing");
  }

  @Test
  void refusesFilesThatAreNoConfiguration() {
    assertThatThrownBy(() -> read("[]")).hasMessageContaining("not a JSON object");
    assertThatThrownBy(() -> read("")).hasMessageContaining("not a JSON object");
    assertThatThrownBy(() -> read("{\"a\": 1, \"a\": 2}")).hasMessageContaining("Duplicate field");
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(2000)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("not valid JSON");
    assertThatThrownBy(() -> read(" ".repeat(8 << 20) + "{}"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("longer than 8388608 bytes");
  }

  @Test
  void bertCountsItsPositionsFromZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Bert(
                    Bert.Variant.BERT,
                    new TransformerShape(4, 1, 2, 8, 1e-12),
                    new TextTables(10, 16, 2, 2)))
        .withMessageContaining("position offset of BERT is 0");
  }

  private static Bert read(String json) throws IOException {
    return (Bert) EncoderFamily.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "config.json");
  }

  private static byte[] write(Encoder config) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    config.write(out);
    return out.toByteArray();
  }

  /** Bytes that Jackson takes for UTF-32: it fails with an exception of its own. */
  @Test
  void refusesAFileInAnotherCharacterSet() {
    byte[] wide = {0, 0, 0, '{', 0x7f, 0, 0, 0};
    assertThatThrownBy(() -> EncoderFamily.read(new ByteArrayInputStream(wide), "config.json"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("config.json is not valid JSON");
  }
}

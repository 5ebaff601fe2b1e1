package dev.mona.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderCheckpointTest {
  private static final Bert BERT =
      new Bert(
          Bert.Variant.BERT, new TransformerShape(4, 2, 2, 6, 1e-12), new TextTables(11, 9, 2, 0));
  private static final Bert ROBERTA =
      new Bert(
          Bert.Variant.ROBERTA,
          new TransformerShape(4, 1, 2, 6, 1e-5),
          new TextTables(11, 9, 1, 2));

  private final Path folder;

  EncoderCheckpointTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void listsTheTensorsOfOneLayerInOrder() {
    assertThat(ROBERTA.tensors().entries())
        .extracting(entry -> entry.name() + Arrays.toString(entry.shape()))
        .containsExactly(
            "embeddings.word_embeddings.weight[11, 4]",
            "embeddings.position_embeddings.weight[9, 4]",
            "embeddings.token_type_embeddings.weight[1, 4]",
            "embeddings.LayerNorm.weight[4]",
            "embeddings.LayerNorm.bias[4]",
            "encoder.layer.0.attention.self.query.weight[4, 4]",
            "encoder.layer.0.attention.self.query.bias[4]",
            "encoder.layer.0.attention.self.key.weight[4, 4]",
            "encoder.layer.0.attention.self.key.bias[4]",
            "encoder.layer.0.attention.self.value.weight[4, 4]",
            "encoder.layer.0.attention.self.value.bias[4]",
            "encoder.layer.0.attention.output.dense.weight[4, 4]",
            "encoder.layer.0.attention.output.dense.bias[4]",
            "encoder.layer.0.attention.output.LayerNorm.weight[4]",
            "encoder.layer.0.attention.output.LayerNorm.bias[4]",
            "encoder.layer.0.intermediate.dense.weight[6, 4]",
            "encoder.layer.0.intermediate.dense.bias[6]",
            "encoder.layer.0.output.dense.weight[4, 6]",
            "encoder.layer.0.output.dense.bias[4]",
            "encoder.layer.0.output.LayerNorm.weight[4]",
            "encoder.layer.0.output.LayerNorm.bias[4]");
  }

  @Test
  void robertaFolderWithPrefixesAndALanguageModelHead() throws IOException {
    List<WeightTensor> tensors = tensors(ROBERTA, name -> "roberta." + name);
    tensors.add(filled("lm_head.dense.weight", 4, 4));
    tensors.add(filled("roberta.pooler.dense.weight", 4, 4));
    save(ROBERTA, tensors);

    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));

    assertThat(checkpoint.encoder()).isEqualTo(ROBERTA);
    assertThat(checkpoint.tensors().keySet()).containsExactlyElementsOf(names(ROBERTA));
    assertThat(checkpoint.tensor("encoder.layer.0.output.dense.weight").values())
        .isEqualTo(filled("roberta.encoder.layer.0.output.dense.weight", 4, 6).values());
  }

  @Test
  void bertFolderWithLayerNormNamesOfTensorFlow() throws IOException {
    save(
        BERT,
        tensors(
            BERT,
            name ->
                "bert."
                    + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta")));
    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));
    assertThat(checkpoint.tensor("encoder.layer.1.output.LayerNorm.bias").values())
        .isEqualTo(filled("bert.encoder.layer.1.output.LayerNorm.beta", 4).values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_orig_mod.bert.",
        "module.",
        "0.auto_model.",
        "module._orig_mod.0.auto_model.bert.",
        "bert._orig_mod.",
        "base_model.model.bert."
      })
  void prefixesOfWrappersArePassedOver(String prefix) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (WeightTensor tensor : tensors(BERT, name -> prefix + name)) {
      tensors.put(tensor.name(), tensor);
    }
    assertThat(EncoderCheckpoint.of(BERT, tensors, "m").tensors().keySet())
        .containsExactlyElementsOf(names(BERT));
    assertThat(BERT.canonical(prefix + "pooler.dense.bias")).isEqualTo("pooler.dense.bias");
    assertThat(ROBERTA.canonical(prefix.replace("bert", "roberta") + "lm_head.bias"))
        .isEqualTo("lm_head.bias");
  }

  @Test
  void aPrefixOfNoKnownWrapperIsNamed() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (String prefix : List.of("question.encoder_q.", "passages.")) {
      for (WeightTensor tensor : tensors(BERT, name -> prefix + name)) {
        tensors.put(tensor.name(), tensor);
      }
    }
    assertThatThrownBy(() -> EncoderCheckpoint.of(BERT, tensors, "m"))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith(
            "The weights of m carry the prefix 'passages.' or 'question.encoder_q.', which is of no known wrapper");
  }

  @Test
  void onlyLayerNormsHaveTheirNamesReplaced() {
    assertThat(BERT.canonical("bert.scale.gamma")).isEqualTo("scale.gamma");
    assertThat(BERT.canonical("bertlike.x")).isEqualTo("bertlike.x");
  }

  @Test
  void reportsWhatIsMissingMisshapedUnexpectedAndIgnored() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (WeightTensor tensor : tensors(BERT, name -> name)) {
      tensors.put(tensor.name(), tensor);
    }
    tensors.remove("encoder.layer.1.output.dense.bias");
    tensors.put("embeddings.LayerNorm.bias", filled("embeddings.LayerNorm.bias", 5));
    for (String name :
        List.of(
            "encoder.layer.2.output.dense.bias",
            "pooler.dense.bias",
            "cls.predictions.bias",
            "embeddings.position_ids",
            "my_head.weight")) {
      tensors.put(name, filled(name, 4));
    }

    WeightReport report = WeightReport.compare(BERT, tensors);

    assertThat(report)
        .isEqualTo(
            new WeightReport(
                List.of("encoder.layer.1.output.dense.bias"),
                List.of("embeddings.LayerNorm.bias [5] instead of [4]"),
                List.of("encoder.layer.2.output.dense.bias"),
                List.of(
                    "pooler.dense.bias",
                    "cls.predictions.bias",
                    "embeddings.position_ids",
                    "my_head.weight"),
                List.of()));
    assertThatThrownBy(() -> report.requireLoadable("m"))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "The weights of m do not fit its configuration: 1 tensor missing"
                + " ('encoder.layer.1.output.dense.bias'); 1 tensor of another shape"
                + " ('embeddings.LayerNorm.bias [5] instead of [4]'); 1 tensor unexpected"
                + " ('encoder.layer.2.output.dense.bias'); give the config.json that belongs to"
                + " them");
  }

  @Test
  void aReportShowsAFewNamesAndCountsTheRest() {
    WeightReport report = WeightReport.compare(BERT, Map.of());
    assertThat(report.missing()).hasSize(5 + 2 * 16);
    assertThatThrownBy(() -> report.requireLoadable("m"))
        .hasMessageContaining("37 tensors missing")
        .hasMessageContaining("and 34 more");
  }

  @Test
  void refusesTheSameTensorUnderTwoPrefixes() {
    List<WeightTensor> tensors = tensors(BERT, name -> "bert." + name);
    tensors.addAll(tensors(BERT, name -> name));
    Map<String, WeightTensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    assertThatThrownBy(() -> EncoderCheckpoint.of(BERT, byName, "m"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("under two prefixes");
  }

  @Test
  void refusesAValueThatIsNotFinite() throws IOException {
    List<WeightTensor> tensors = tensors(BERT, name -> name);
    tensors.get(3).values()[2] = Float.NaN;
    save(BERT, tensors);
    assertThatThrownBy(() -> EncoderCheckpoint.open(ModelFolder.of(folder)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("'embeddings.LayerNorm.weight'")
        .hasMessageContaining("holds NaN at index 2");
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    assertRefused("holds no config.json");
    writeConfig(BERT);
    assertRefused("holds no model.safetensors");
    Files.createFile(folder.resolve("pytorch_model.bin"));
    assertRefused("save_pretrained(folder, safe_serialization=True)");
    Files.createFile(folder.resolve("model.safetensors.index.json"));
    assertRefused("several shards");
    Files.createFile(folder.resolve("model.safetensors"));
    assertRefused("0 bytes, too few for a safetensors file");
  }

  private void assertRefused(String expected) {
    assertThatThrownBy(() -> EncoderCheckpoint.open(ModelFolder.of(folder)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(expected);
  }

  private void save(Encoder config, List<WeightTensor> tensors) throws IOException {
    writeConfig(config);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of("format", "pt"));
    }
  }

  private void writeConfig(Encoder config) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("config.json"))) {
      config.write(out);
    }
  }

  private static List<WeightTensor> tensors(Encoder config, UnaryOperator<String> rename) {
    List<WeightTensor> tensors = new ArrayList<>();
    config
        .tensors()
        .entries()
        .forEach(entry -> tensors.add(filled(rename.apply(entry.name()), entry.shape())));
    return tensors;
  }

  private static List<String> names(Encoder config) {
    return config.tensors().entries().stream().map(ParameterLayout.Entry::name).toList();
  }

  /** Values that tell the tensors and the places in them apart. */
  private static WeightTensor filled(String name, long... shape) {
    float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = name.hashCode() % 1000 + i / 100f;
    }
    return new WeightTensor(name, shape, values);
  }
}

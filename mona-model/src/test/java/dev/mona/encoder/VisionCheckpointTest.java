package dev.mona.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.SharedFiles;
import dev.mona.backbone.SwinTransformer;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of Swin, from its golden file, and of SAM 2's trunk. */
class VisionCheckpointTest {
  private static final Swin SWIN =
      new Swin(
          new SwinTransformer(8, List.of(2, 2), List.of(2, 4), 4, 1e-5), new ImageShape(44, 4, 3));

  private final Path folder;

  VisionCheckpointTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void swinFolderOfAClassifier() throws IOException {
    Map<String, WeightTensor> golden = golden();
    List<WeightTensor> tensors = prefixed(golden);
    tensors.add(
        tensor("swin.encoder.layers.0.blocks.0.attention.self.relative_position_index", 16));
    tensors.add(tensor("classifier.weight", 5, 16));
    tensors.add(tensor("classifier.bias", 5));
    tensors.add(tensor("decoder.0.weight", 2));
    save(SWIN, tensors);

    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));

    assertThat(checkpoint.encoder()).isEqualTo(SWIN);
    assertThat(checkpoint.tensors().keySet()).containsExactlyInAnyOrderElementsOf(golden.keySet());
    golden.forEach(
        (name, tensor) ->
            assertThat(checkpoint.tensor(name).values()).as(name).isEqualTo(tensor.values()));
    SourceClassifier classifier = checkpoint.classifier().orElseThrow();
    assertThat(classifier.classes()).isEqualTo(5);
    assertThat(classifier.width()).isEqualTo(16);
    assertThat(classifier.weight().values()).isEqualTo(tensor("", 5, 16).values());
  }

  @Test
  void prefixesOfWrappersArePassedOver() {
    for (String wrapper :
        List.of("", "module.", "_orig_mod.", "model.", "module._orig_mod.model.")) {
      assertThat(SWIN.canonical(wrapper + "swin.layernorm.bias")).isEqualTo("layernorm.bias");
      assertThat(Hiera.SAM2_TINY.canonical(wrapper + "image_encoder.trunk.pos_embed"))
          .isEqualTo("pos_embed");
    }
  }

  @Test
  void swinFolderWithoutAClassifier() throws IOException {
    save(SWIN, new ArrayList<>(golden().values()));
    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));
    assertThat(checkpoint.classifier()).isEmpty();
    assertThat(checkpoint.parameterCount())
        .isEqualTo(golden().values().stream().mapToLong(tensor -> tensor.values().length).sum());
  }

  @Test
  void refusesSwinTensorsOfAnotherModel() throws IOException {
    List<WeightTensor> tensors = prefixed(golden());
    tensors.add(tensor("swin.encoder.layers.1.blocks.2.layernorm_before.bias", 16));
    save(new Swin(new SwinTransformer(8, List.of(2, 2), List.of(2, 4), 3, 1e-5)), tensors);
    assertRefused(
        "4 tensors of another shape"
            + " ('encoder.layers.0.blocks.0.attention.self.relative_position_bias_table [49, 2]"
            + " instead of [25, 2]'",
        "1 tensor unexpected ('encoder.layers.1.blocks.2.layernorm_before.bias')");
  }

  @Test
  void refusesAClassifierOfAnotherWidth() throws IOException {
    List<WeightTensor> tensors = prefixed(golden());
    tensors.add(tensor("classifier.weight", 5, 8));
    tensors.add(tensor("classifier.bias", 5));
    save(SWIN, tensors);
    assertRefused("Tensor 'classifier.weight'", "is [5, 8] and must be [5, 16]");
  }

  @Test
  void refusesAValueOfSwinThatIsNotFinite() throws IOException {
    List<WeightTensor> tensors = prefixed(golden());
    tensors.get(2).values()[1] = Float.POSITIVE_INFINITY;
    save(SWIN, tensors);
    assertRefused("holds Infinity at index 1");
  }

  @Test
  void refusesTheWeightsOfAnotherFamily() throws IOException {
    save(Hiera.SAM2_TINY, prefixed(golden()));
    assertRefused(
        "154 tensors missing ('pos_embed', 'pos_embed_window', 'patch_embed.proj.weight'");
  }

  @Test
  void refusesAPickledSwin() throws IOException {
    writeConfig(SWIN);
    Files.createFile(folder.resolve("pytorch_model.bin"));
    assertRefused("a pickle, which can run code and is not read");
  }

  @Test
  void theTrunkOfSam2IsAFolderOfHiera() throws IOException {
    Path weights = SharedFiles.require("weights/sam2_hiera_tiny_trunk.fp16.safetensors");
    Files.copy(weights, folder.resolve("model.safetensors"));
    writeConfig(Hiera.SAM2_TINY);
    EncoderCheckpoint checkpoint = EncoderCheckpoint.open(ModelFolder.of(folder));
    assertThat(checkpoint.encoder()).isEqualTo(Hiera.SAM2_TINY);
    assertThat(checkpoint.tensors()).hasSize(154);
    assertThat(checkpoint.parameterCount()).isEqualTo(26_849_472);
    assertThat(checkpoint.classifier()).isEmpty();
  }

  private void assertRefused(String... expected) {
    assertThatThrownBy(() -> EncoderCheckpoint.open(ModelFolder.of(folder)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(expected);
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

  private static Map<String, WeightTensor> golden() throws IOException {
    String resource = "/golden/swin.safetensors";
    try (InputStream in = VisionCheckpointTest.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      Map<String, WeightTensor> all =
          Safetensors.read(new ByteArrayInputStream(bytes), bytes.length, resource);
      all.keySet().removeIf(name -> name.matches("(input|output|gradient)\\b.*"));
      return all;
    }
  }

  private static List<WeightTensor> prefixed(Map<String, WeightTensor> golden) {
    List<WeightTensor> tensors = new ArrayList<>();
    golden.forEach(
        (name, tensor) ->
            tensors.add(new WeightTensor("swin." + name, tensor.shape(), tensor.values())));
    return tensors;
  }

  private static WeightTensor tensor(String name, long... shape) {
    float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 10f;
    }
    return new WeightTensor(name, shape, values);
  }
}

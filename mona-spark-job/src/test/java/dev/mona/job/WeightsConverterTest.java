package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.SharedFiles;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsConverterTest {
  private final Configuration hadoop = new Configuration();
  private final Path folder;

  WeightsConverterTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void makesAFolderThatOpens() throws IOException {
    Path export = SharedFiles.require("weights/sam2_hiera_tiny_encoder.with_runtime_opt.ort");
    Path output = folder.resolve("hiera");
    WeightsConverter.convert(export.toString(), output.toString(), hadoop);
    EncoderCheckpoint back = EncoderCheckpoint.open(ModelFolder.of(output));
    assertThat(back.encoder()).isEqualTo(Hiera.SAM2_TINY);
    assertThat(back.parameterCount()).isEqualTo(26_849_472);
    assertRefused(export, output, "holds config.json already: name another folder");
  }

  @Test
  void refusesOtherFilesAndWritesNothing() throws IOException {
    Path output = folder.resolve("hiera");
    Path text = Files.writeString(folder.resolve("a.ort"), "no model at all");
    assertRefused(text, output, "a.ort is no model in ONNX Runtime's format");
    assertRefused(folder.resolve("none.ort"), output, "none.ort cannot be read");
    assertThat(output).doesNotExist();
  }

  private void assertRefused(Path input, Path output, String expected) {
    assertThatThrownBy(() -> WeightsConverter.convert(input.toString(), output.toString(), hadoop))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(expected);
  }
}

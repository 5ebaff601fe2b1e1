package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskFilesTest {
  private static final Path TASKS = Path.of("..", "conf", "tasks");

  @Test
  void everyCommittedTaskLoadsUnderItsOwnName() throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(TASKS)) {
      files = listed.toList();
    }
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(
            file -> {
              String name = file.getFileName().toString().replaceFirst("\\.conf$", "");
              assertThat(ConfigLayers.start().task(TASKS, name).load().task().name())
                  .isEqualTo(name);
            });
  }

  @Test
  void dnaTrainsThreeBasesATokenFor15Epochs() {
    MonaConfig config = ConfigLayers.start().task(TASKS, "dna_splice").load();
    assertThat(config.embedder())
        .isEqualTo(new EmbedderOptions(3, 64, EmbedderOptions.Init.PRETRAINED));
    assertThat(config.task().data().trainSamples()).isEqualTo(512);
    Stages stages = config.plan().stages();
    assertThat(Stream.of(Stage.values()).map(stage -> stages.get(stage).epochs()))
        .containsExactly(3, 4, 8);
    assertThat(stages.finetuning().optimizer().learningRate()).isEqualTo(1e-4);
  }
}

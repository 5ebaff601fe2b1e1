package dev.mona.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  private final Path directory;
  private final RunDirectory run;

  CheckpointStoreTest(@TempDir Path directory) {
    this.directory = directory;
    run = RunDirectory.open(directory.toString(), new Configuration());
  }

  @AfterEach
  void close() {
    run.close();
  }

  private CheckpointStore store(String hash) {
    return new CheckpointStore(run, hash, 2);
  }

  private static Checkpoint checkpoint(Stage stage, int epochs, @Nullable BestEpoch best) {
    return new Checkpoint(
        stage,
        epochs,
        3 * epochs,
        new TrainingState(new float[] {1f / 3, -0f, epochs}, new float[] {1e-30f}, 12L * epochs),
        best,
        best == null ? Double.NaN : best.score(),
        1,
        List.of(
            new EpochScore(Stage.WARMUP, 0, Double.NaN, Map.of("loss", 0.1 + 0.2)),
            new EpochScore(stage, epochs - 1, 1.0 / 3, Map.of())));
  }

  @Test
  void comesBackAsItWasSaved() {
    CheckpointStore store = store("abc");
    assertThat(store.isEmpty()).isTrue();
    assertThat(store.latest()).isEmpty();
    Checkpoint plain = checkpoint(Stage.WARMUP, 1, null);
    store.save(plain);
    assertThat(store.latest()).contains(plain);
    Checkpoint scored =
        checkpoint(Stage.FINETUNING, 2, new BestEpoch(1, 1.0 / 7, new float[] {0.1f, 2, 3}));
    store.save(scored);
    assertThat(store.latest()).contains(scored);
  }

  @Test
  void stateWithoutMomentsComesBack() {
    Checkpoint bare =
        new Checkpoint(
            Stage.WARMUP,
            1,
            1,
            new TrainingState(new float[] {1}, new float[0], 1),
            null,
            Double.NaN,
            0,
            List.of());
    store("abc").save(bare);
    assertThat(store("abc").latest()).contains(bare);
  }

  @Test
  void keepsTheLastTwoInTheOrderOfTraining() {
    CheckpointStore store = store("abc");
    for (Stage stage : Stage.values()) {
      for (int epochs = 1; epochs <= 4; epochs++) {
        store.save(checkpoint(stage, epochs, null));
      }
    }
    assertThat(run.list("checkpoints")).containsExactly("finetuning-000009", "finetuning-000012");
    // an epoch that is done again replaces its checkpoint
    store.save(checkpoint(Stage.FINETUNING, 4, null));
    assertThat(run.list("checkpoints")).containsExactly("finetuning-000009", "finetuning-000012");
  }

  @Test
  void whatWasNeverCompletedIsIgnoredAndCleanedUp() {
    CheckpointStore store = store("abc");
    Checkpoint done = checkpoint(Stage.WARMUP, 1, null);
    store.save(done);
    run.writeText(RunDirectory.temporary("checkpoints/warmup-000006") + "/state.safetensors", "x");
    assertThat(store.latest()).contains(done);
    store.save(checkpoint(Stage.ALIGNMENT, 1, null));
    assertThat(run.list("checkpoints")).containsExactly("alignment-000003", "warmup-000003");
  }

  @Test
  void refusesAnotherConfiguration() {
    store("abc").save(checkpoint(Stage.WARMUP, 1, null));
    assertThatThrownBy(() -> store("xyz").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("was written with configuration abc, this one is xyz");
  }

  @Test
  void refusesDamage() throws IOException {
    store("abc").save(checkpoint(Stage.WARMUP, 1, null));
    Path checkpoint = directory.resolve("checkpoints/warmup-000003");
    Path state = checkpoint.resolve("state.safetensors");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length - 1] ^= 1;
    Files.write(state, bytes);
    assertRefused("state.safetensors that does not match its checksum");

    Files.delete(state);
    assertRefused("has no state.safetensors");

    Path manifest = checkpoint.resolve("manifest.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.replace("state.safetensors", "../../config.conf"));
    assertRefused("unknown file '../../config.conf'");
    Files.writeString(manifest, json.replace("\"format\" : 1", "\"format\" : 2"));
    assertRefused("has format 2 instead of 1");
    Files.writeString(manifest, json.substring(0, json.length() / 2));
    assertRefused("manifest that cannot be read");
    Files.writeString(manifest, json.replace("\"iteration\"", "\"iterations\""));
    assertRefused("manifest that cannot be read");
    Files.delete(manifest);
    assertRefused("has no manifest.json");
  }

  private void assertRefused(String what) {
    assertThatThrownBy(() -> store("abc").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(what)
        .hasMessageStartingWith("checkpoint file:");
  }
}

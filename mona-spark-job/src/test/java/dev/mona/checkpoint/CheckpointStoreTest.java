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
import java.util.LinkedHashMap;
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
        EpochUnderWay.NONE,
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
            EpochUnderWay.NONE,
            new TrainingState(new float[] {1}, new float[0], 1),
            null,
            Double.NaN,
            0,
            List.of());
    store("abc").save(bare);
    assertThat(store("abc").latest()).contains(bare);
  }

  @Test
  void oneWithinAnEpochComesBackWithTheExactSums() {
    Map<String, Double> sums = new LinkedHashMap<>();
    sums.put("zeta", 0.1 + 0.2);
    sums.put("loss", Double.MIN_VALUE);
    sums.put("gap", Double.NaN);
    Map<String, Long> counts = Map.of("zeta", 3L, "loss", Long.MAX_VALUE, "gap", 0L);
    Checkpoint within =
        within(2, new EpochUnderWay(5, 1L << 40, sums, counts, new float[] {-0f, 1f / 3}));
    store("abc").save(within);
    Checkpoint read = store("abc").latest().orElseThrow();
    assertThat(read).isEqualTo(within);
    assertThat(read.underWay().sums().keySet()).containsExactly("zeta", "loss", "gap");
    assertThat(run.list("checkpoints")).containsExactly("warmup-0002-000005");
  }

  @Test
  void roundsOfAnEpochComeBetweenItsStartAndItsEnd() {
    CheckpointStore store = new CheckpointStore(run, "abc", 9);
    store.save(within(1, new EpochUnderWay(10, 1, Map.of(), Map.of(), null)));
    store.save(within(1, new EpochUnderWay(9, 1, Map.of(), Map.of(), null)));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000010");
    store.save(checkpoint(Stage.WARMUP, 1, null));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000010");
    store.save(checkpoint(Stage.WARMUP, 2, null));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0002-000000");
    store.save(within(0, new EpochUnderWay(1, 1, Map.of(), Map.of(), null)));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0002-000000");
  }

  /** What is left at the end of an epoch does not depend on when checkpoints were due. */
  @Test
  void thoseWithinAnEpochGoWithItsEnd() {
    CheckpointStore store = store("abc");
    EpochUnderWay one = new EpochUnderWay(1, 1, Map.of(), Map.of(), null);
    EpochUnderWay two = new EpochUnderWay(2, 1, Map.of(), Map.of(), null);
    store.save(within(0, one));
    store.save(within(0, two));
    assertThat(run.list("checkpoints")).containsExactly("warmup-0000-000002");
    store.save(checkpoint(Stage.WARMUP, 1, null));
    store.save(within(1, two));
    store.save(checkpoint(Stage.WARMUP, 2, null));
    store.save(within(2, one));
    assertThat(run.list("checkpoints"))
        .containsExactly("warmup-0001-000000", "warmup-0002-000000", "warmup-0002-000001");
    store.save(checkpoint(Stage.WARMUP, 3, null));
    assertThat(run.list("checkpoints"))
        .containsExactly("warmup-0002-000000", "warmup-0003-000000");
  }

  private static Checkpoint within(int epochs, EpochUnderWay underWay) {
    TrainingState state = new TrainingState(new float[] {1}, new float[0], 1);
    return new Checkpoint(Stage.WARMUP, epochs, underWay, state, null, Double.NaN, 0, List.of());
  }

  /** Its name says nothing of epochs, so it cannot be put in order. */
  @Test
  void refusesTheFirstFormat() {
    run.writeText("checkpoints/warmup-000003/manifest.json", "{\"format\" : 1}");
    assertThatThrownBy(() -> store("abc").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("has format 1 instead of 2: resume with the version that wrote it");
    assertThatThrownBy(() -> store("abc").isEmpty()).isInstanceOf(MonaException.class);
  }

  @Test
  void keepsTheLastTwoInTheOrderOfTraining() {
    CheckpointStore store = store("abc");
    for (Stage stage : Stage.values()) {
      for (int epochs = 1; epochs <= 4; epochs++) {
        store.save(checkpoint(stage, epochs, null));
      }
    }
    String[] last = {"finetuning-0003-000000", "finetuning-0004-000000"};
    assertThat(run.list("checkpoints")).containsExactly(last);
    // an epoch that is done again replaces its checkpoint
    store.save(checkpoint(Stage.FINETUNING, 4, null));
    assertThat(run.list("checkpoints")).containsExactly(last);
  }

  @Test
  void whatWasNeverCompletedIsIgnoredAndCleanedUp() {
    CheckpointStore store = store("abc");
    Checkpoint done = checkpoint(Stage.WARMUP, 1, null);
    store.save(done);
    run.writeText(
        RunDirectory.temporary("checkpoints/warmup-0002-000000") + "/state.safetensors", "x");
    assertThat(store.latest()).contains(done);
    store.save(checkpoint(Stage.ALIGNMENT, 1, null));
    assertThat(run.list("checkpoints"))
        .containsExactly("alignment-0001-000000", "warmup-0001-000000");
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
    Path checkpoint = directory.resolve("checkpoints/warmup-0001-000000");
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
    Files.writeString(manifest, json.replace("\"format\" : 2", "\"format\" : 3"));
    assertRefused("has format 3 instead of 2");
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

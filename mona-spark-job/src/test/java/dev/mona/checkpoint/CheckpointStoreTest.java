package dev.mona.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.storage.CopyingFileSystem;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        new Position(stage, epochs, EpochUnderWay.NONE),
        new TrainingState(new float[] {1f / 3, -0f, epochs}, new float[] {1e-30f}, 12L * epochs),
        new Selection(best, best == null ? Double.NaN : best.score(), 1),
        List.of(
            new EpochScore(Stage.WARMUP, 0, Double.NaN, Map.of("loss", 0.1 + 0.2)),
            new EpochScore(stage, epochs - 1, 1.0 / 3, Map.of())),
        0.1 + 60 * epochs);
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

  /** Other runs start from the end of the warm-up, long after it was the newest. */
  @Test
  void theEndOfTheWarmupMayBeKept() {
    CheckpointStore store = store("abc").keeping(Stage.WARMUP, 2);
    Checkpoint end = checkpoint(Stage.WARMUP, 2, null);
    store.save(checkpoint(Stage.WARMUP, 1, null));
    store.save(end);
    for (int epoch = 1; epoch <= 4; epoch++) {
      store.save(checkpoint(Stage.FINETUNING, epoch, null));
    }
    assertThat(run.list("checkpoints"))
        .containsExactly("finetuning-0003-000000", "finetuning-0004-000000", "warmup-0002-000000");
    assertThat(store("abc").at(Stage.WARMUP, 2)).contains(end);
    assertThat(store("abc").at(Stage.WARMUP, 1)).isEmpty();
    assertThat(store("abc").latest()).map(Checkpoint::name).contains("finetuning-0004-000000");
    run.writeText("checkpoints/warmup-0002-000000/state.safetensors", "damaged");
    assertThat(store("abc").at(Stage.WARMUP, 2)).isEmpty();
  }

  @Test
  void stateWithoutMomentsComesBack() {
    Checkpoint bare =
        new Checkpoint(
            new Position(Stage.WARMUP, 1, EpochUnderWay.NONE),
            new TrainingState(new float[] {1}, new float[0], 1),
            Selection.START,
            List.of(),
            0);
    store("abc").save(bare);
    assertThat(store("abc").latest()).contains(bare);
  }

  /** The file of a state without a velocity is that of earlier builds: two tensors. */
  @Test
  void aVelocityComesBackAndNoneLeavesNoTrace() throws IOException {
    TrainingState state = new TrainingState(new float[] {1, 2}, new float[] {3}, 1);
    for (TrainingState one : List.of(state, state.withVelocity(new float[] {-0f, 1f / 3}))) {
      Checkpoint saved =
          new Checkpoint(
              new Position(Stage.WARMUP, 1, EpochUnderWay.NONE),
              one,
              Selection.START,
              List.of(),
              0);
      store("abc").save(saved);
      assertThat(store("abc").latest()).contains(saved);
      byte[] file =
          Files.readAllBytes(directory.resolve("checkpoints/warmup-0001-000000/state.safetensors"));
      assertThat(new String(file, ISO_8859_1).contains("velocity"))
          .isEqualTo(one.velocity().length > 0);
    }
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
    store.save(within(0, rounds(1)));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0000-000001");
    store.save(checkpoint(Stage.WARMUP, 1, null));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000000");
    store.save(within(1, rounds(9)));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000009");
    store.save(within(1, rounds(10)));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000010");
    store.save(checkpoint(Stage.WARMUP, 2, null));
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0002-000000");
  }

  @Test
  void goesBackToTheEndOfAnEpoch() {
    CheckpointStore store = store("abc");
    assertThat(store.rewind()).isFalse();
    store.save(within(0, rounds(2)));
    assertThat(store.rewind()).isTrue();
    assertThat(store.latest()).isEmpty();
    store.save(checkpoint(Stage.WARMUP, 1, null));
    store.save(within(1, rounds(3)));
    assertThat(store.rewind()).isTrue();
    assertThat(store.latest()).map(Checkpoint::name).contains("warmup-0001-000000");
    assertThat(store.rewind()).isFalse();
    assertThat(run.list("checkpoints")).containsExactly("warmup-0001-000000");
  }

  /** What is left at the end of an epoch does not depend on when checkpoints were due. */
  @Test
  void thoseWithinAnEpochGoWithItsEnd() {
    CheckpointStore store = store("abc");
    EpochUnderWay one = rounds(1);
    EpochUnderWay two = rounds(2);
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
    assertThat(run.list("checkpoints")).containsExactly("warmup-0002-000000", "warmup-0003-000000");
  }

  @SuppressWarnings("NullAway") // of an array that may be null the class file does not tell it
  private static EpochUnderWay rounds(int done) {
    return new EpochUnderWay(done, 1, Map.of(), Map.of(), null);
  }

  private static Checkpoint within(int epochs, EpochUnderWay underWay) {
    TrainingState state = new TrainingState(new float[] {1}, new float[0], 1);
    return new Checkpoint(
        new Position(Stage.WARMUP, epochs, underWay), state, Selection.START, List.of(), 1.5);
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
    run.writeText("checkpoints/warmup-0002-000000/state.safetensors", "x");
    assertThat(store.isEmpty()).isTrue();
    Checkpoint done = checkpoint(Stage.WARMUP, 1, null);
    store.save(done);
    assertThat(run.list("checkpoints")).containsExactly("warmup-0001-000000");
    run.writeText("checkpoints/warmup-0002-000000/state.safetensors", "x");
    assertThat(store.latest()).contains(done);
    Checkpoint next = checkpoint(Stage.WARMUP, 2, null);
    store.save(next);
    assertThat(store.latest()).contains(next);
    run.writeText("checkpoints/warmup-0003-000000/state.safetensors", "x");
    store.save(checkpoint(Stage.ALIGNMENT, 1, null));
    assertThat(run.list("checkpoints"))
        .containsExactly("alignment-0001-000000", "warmup-0002-000000");
  }

  /** A run that went back before them never comes to them again. */
  @Test
  void laterOnesThanTheOneThatIsSavedAreDropped() {
    CheckpointStore store = store("abc");
    store.save(checkpoint(Stage.WARMUP, 1, null));
    store.save(checkpoint(Stage.FINETUNING, 4, null));
    Checkpoint again = checkpoint(Stage.WARMUP, 2, null);
    store.save(again);
    assertThat(run.list("checkpoints")).containsExactly("warmup-0001-000000", "warmup-0002-000000");
    assertThat(store.latest()).contains(again);
  }

  @Test
  void refusesAnotherConfiguration() {
    store("abc").save(checkpoint(Stage.WARMUP, 1, null));
    assertThatThrownBy(() -> store("xyz").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("was written with configuration 'abc', this one is xyz");
  }

  /** Every damage is told of, and the one before is used. */
  @Test
  void goesBackToTheNewestWholeOne() throws IOException {
    Checkpoint older = checkpoint(Stage.WARMUP, 1, null);
    store("abc").save(older);
    store("abc").save(checkpoint(Stage.WARMUP, 2, null));
    Path newest = directory.resolve("checkpoints/warmup-0002-000000");
    Path state = newest.resolve("state.safetensors");
    byte[] bytes = Files.readAllBytes(state);
    Files.write(state, Arrays.copyOf(bytes, bytes.length - 1));
    assertPassedOver("state.safetensors that does not match its checksum", older);
    Files.delete(state);
    assertPassedOver("has no state.safetensors", older);
    Files.write(state, bytes);

    Path manifest = newest.resolve("manifest.json");
    String json = Files.readString(manifest);
    String open = Seal.open(json.getBytes(UTF_8));
    Files.writeString(manifest, Seal.of(open.replace("state.safetensors", "../../config.conf")));
    assertPassedOver("unknown file '../../config.conf'", older);
    Files.writeString(manifest, Seal.of(open.replace("\"iteration\"", "\"iterations\"")));
    assertPassedOver("it is no manifest", older);
    Files.writeString(manifest, open);
    assertPassedOver("it has no checksum of its own", older);
    Files.writeString(manifest, Seal.of(open.replace("\"epochs\" : 2", "\"epochs\" : 1")));
    assertPassedOver("has the manifest of another one", older);
    Files.writeString(manifest, Seal.of(open.replace("\"format\" : 2", "\"format\" : 3")));
    assertThatThrownBy(() -> store("abc").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("has format 3 instead of 2");
    Files.delete(manifest);
    assertThat(store("abc").latest()).as("never completed, not damaged").contains(older);

    Files.writeString(manifest, "{");
    Files.write(directory.resolve("checkpoints/warmup-0001-000000/state.safetensors"), bytes);
    assertThatThrownBy(() -> store("abc").latest())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("warmup-0002-000000 has a manifest that cannot be used")
        .hasMessageContaining("no older one is whole: put one back from a copy");
  }

  private void assertPassedOver(String what, Checkpoint older) {
    List<String> told = new ArrayList<>();
    assertThat(new CheckpointStore(run, "abc", 2, told::add).latest()).contains(older);
    assertThat(told).singleElement().asString().contains(what).contains("goes on from warmup-0001");
  }

  /** Bits all over the newest checkpoint, and every single one of its manifest. */
  @Test
  void noSingleBitMakesAnotherCheckpoint() throws IOException {
    Checkpoint older = checkpoint(Stage.FINETUNING, 1, null);
    store("abc").save(older);
    store("abc").save(checkpoint(Stage.FINETUNING, 2, new BestEpoch(1, 0.25, new float[] {1})));
    Path newest = directory.resolve("checkpoints/finetuning-0002-000000");
    int flips = 0;
    for (String name : List.of("manifest.json", "state.safetensors", "best.safetensors")) {
      Path file = newest.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        if (name.equals("manifest.json")) {
          assertThatThrownBy(() -> Seal.open(bytes)).isInstanceOf(IOException.class);
          flips++;
        }
        if (bit % 9 == 0) {
          Files.write(file, bytes);
          assertThat(store("abc").latest()).as("%s, bit %d", name, bit).contains(older);
        }
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
      Files.write(file, bytes);
    }
    assertThat(flips).isGreaterThan(5072);
    assertThat(store("abc").latest()).map(Checkpoint::epochs).contains(2);
  }

  /** Before each step of a file system on which no rename is one step. */
  @Test
  void aDriverThatDiesWhileItSavesLeavesAWholeCheckpoint() {
    Configuration copying = CopyingFileSystem.configuration();
    String location = "copying:" + directory;
    Checkpoint last = checkpoint(Stage.WARMUP, 1, null);
    try (RunDirectory there = RunDirectory.open(location, copying)) {
      new CheckpointStore(there, "abc", 1).save(last);
    }
    boolean died = true;
    int deaths = 0;
    for (int step = 0; died; step++) {
      Checkpoint next = checkpoint(Stage.WARMUP, step + 2, null);
      CopyingFileSystem.dieBefore(step);
      try (RunDirectory there = RunDirectory.open(location, copying)) {
        new CheckpointStore(there, "abc", 1).save(next);
      } catch (CopyingFileSystem.Killed e) {
        deaths++;
      }
      died = CopyingFileSystem.revive();
      try (RunDirectory there = RunDirectory.open(location, copying)) {
        Checkpoint found = new CheckpointStore(there, "abc", 1).latest().orElseThrow();
        assertThat(found).as("died before step %d", step).isIn(last, next);
        last = found;
      }
    }
    assertThat(deaths).isBetween(20, 100);
  }
}

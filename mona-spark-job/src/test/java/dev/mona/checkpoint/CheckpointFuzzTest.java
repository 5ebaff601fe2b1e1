package dev.mona.checkpoint;

import dev.mona.MonaException;
import dev.mona.fuzz.Fuzz;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.Seal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged checkpoints; also such as somebody sealed again. */
class CheckpointFuzzTest {
  @TempDir private Path folder;

  @Test
  void manifests() throws IOException {
    try (RunDirectory run = RunDirectory.open(folder.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      store.save(
          new Checkpoint(
              new Position(Stage.WARMUP, 1, EpochUnderWay.NONE),
              new TrainingState(new float[] {1, 2}, new float[] {3}, 12),
              new Selection(null, Double.NaN, 1),
              List.of(new EpochScore(Stage.WARMUP, 0, 0.5, Map.of("loss", 0.25))),
              60));
      Path manifest = folder.resolve("checkpoints").resolve(name(run)).resolve("manifest.json");
      byte[] sealed = Files.readAllBytes(manifest);
      Fuzz.text("checkpoint")
          .seed(sealed)
          .slow(2)
          .check(
              file -> {
                Files.write(manifest, file);
                latest(store);
              });
      Fuzz.text("checkpoint-sealed")
          .seed(Seal.open(sealed).getBytes(StandardCharsets.UTF_8))
          .slow(2)
          .check(
              file -> {
                Files.writeString(manifest, sealed(new String(file, StandardCharsets.UTF_8)));
                latest(store);
              });
    }
  }

  private static void latest(CheckpointStore store) {
    Optional<Checkpoint> found = store.latest();
    if (found.isEmpty()) {
      // passed over and told of, which is an answer of its own
      throw MonaException.data("no checkpoint in it is whole");
    }
  }

  /** What is no object any more cannot be sealed. */
  private static String sealed(String json) {
    return json.endsWith("\n}\n") ? Seal.of(json) : json;
  }

  private static String name(RunDirectory run) {
    return run.list("checkpoints").get(0);
  }
}

package dev.mona.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.StoredJson;
import dev.mona.learner.Stage;
import dev.mona.storage.FileDigest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The part of a checkpoint that is not a vector, as {@code manifest.json}.
 *
 * @param format version of this layout
 * @param configHash hash of the run's resolved configuration
 * @param stage the stage
 * @param epochs epochs of the stage that are done
 * @param rounds see {@link EpochUnderWay#rounds()}
 * @param examples see {@link EpochUnderWay#examples()}
 * @param sums see {@link EpochUnderWay#sums()}
 * @param counts see {@link EpochUnderWay#counts()}
 * @param iteration optimizer steps of the stage that are done
 * @param bestEpoch index of the best epoch; {@link #NO_EPOCH} if none was scored
 * @param bestScore its score; NaN if none was scored
 * @param reference see {@link Checkpoint#reference()}
 * @param staleEpochs see {@link Checkpoint#staleEpochs()}
 * @param history every epoch of the run so far
 * @param seconds see {@link Checkpoint#seconds()}
 * @param files the other files of the checkpoint, by name
 */
record Manifest(
    int format,
    String configHash,
    Stage stage,
    int epochs,
    int rounds,
    long examples,
    Map<String, Double> sums,
    Map<String, Long> counts,
    long iteration,
    int bestEpoch,
    double bestScore,
    double reference,
    int staleEpochs,
    List<EpochScore> history,
    double seconds,
    Map<String, FileDigest> files) {
  static final int FORMAT = 2;
  static final int NO_EPOCH = -1;

  private static final JsonMapper JSON = StoredJson.records();

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest always has a JSON form", e);
    }
  }

  /** The format of a manifest of any version; 0 where it names none. */
  static int formatOf(byte[] json) throws IOException {
    return JSON.readTree(json).path("format").asInt(0);
  }

  static Manifest parse(byte[] json) throws IOException {
    return JSON.readValue(json, Manifest.class);
  }
}

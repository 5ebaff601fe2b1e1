package dev.mona.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.StoredJson;
import dev.mona.learner.Stage;
import dev.mona.storage.FileDigest;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;

/**
 * The part of a checkpoint that is not a vector, as {@code manifest.json}: one object that holds
 * the components of all parts.
 *
 * @param origin what wrote it
 * @param reached how far the run has got
 * @param underWay what is done of the next epoch
 * @param selected the stage's best epoch
 * @param past the run so far, and the checkpoint's other files
 */
record Manifest(Origin origin, Reached reached, UnderWay underWay, Selected selected, Past past) {
  static final int FORMAT = 2;
  static final int NO_EPOCH = -1;

  private static final JsonMapper JSON = StoredJson.records();

  /**
   * What wrote a checkpoint.
   *
   * @param format version of this layout
   * @param configHash hash of the run's resolved configuration
   */
  record Origin(int format, String configHash) {}

  /**
   * How far a run has got in whole epochs.
   *
   * @param stage the stage
   * @param epochs epochs of the stage that are done
   */
  record Reached(Stage stage, int epochs) {}

  /**
   * What is done of an epoch.
   *
   * @param rounds see {@link EpochUnderWay#rounds()}
   * @param examples see {@link EpochUnderWay#examples()}
   * @param sums see {@link EpochUnderWay#sums()}
   * @param counts see {@link EpochUnderWay#counts()}
   * @param iteration optimizer steps of the stage that are done
   */
  record UnderWay(
      int rounds,
      long examples,
      Map<String, Double> sums,
      Map<String, Long> counts,
      long iteration) {}

  /**
   * A {@link Selection} without parameters.
   *
   * @param bestEpoch index of the best epoch; {@link #NO_EPOCH} if none was scored
   * @param bestScore its score; NaN if none was scored
   * @param reference see {@link Selection#reference()}
   * @param staleEpochs see {@link Selection#staleEpochs()}
   */
  record Selected(int bestEpoch, double bestScore, double reference, int staleEpochs) {}

  /**
   * What lies behind a run.
   *
   * @param history every epoch of the run so far
   * @param seconds see {@link Checkpoint#seconds()}
   * @param files the other files of the checkpoint, by name
   */
  record Past(List<EpochScore> history, double seconds, Map<String, FileDigest> files) {}

  /** The manifest of a checkpoint with these other files. */
  static Manifest of(Checkpoint checkpoint, String configHash, Map<String, FileDigest> files) {
    EpochUnderWay underWay = checkpoint.underWay();
    Selection selection = checkpoint.selection();
    BestEpoch best = selection.best();
    return new Manifest(
        new Origin(FORMAT, configHash),
        new Reached(checkpoint.stage(), checkpoint.epochs()),
        new UnderWay(
            underWay.rounds(),
            underWay.examples(),
            underWay.sums(),
            underWay.counts(),
            checkpoint.state().iteration()),
        new Selected(
            best == null ? NO_EPOCH : best.epoch(),
            best == null ? Double.NaN : best.score(),
            selection.reference(),
            selection.staleEpochs()),
        new Past(checkpoint.history(), checkpoint.seconds(), files));
  }

  String toJson() {
    ObjectNode all = JSON.createObjectNode();
    for (Record part : List.of(origin, reached, underWay, selected, past)) {
      all.setAll((ObjectNode) JSON.valueToTree(part));
    }
    try {
      return JSON.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest always has a JSON form", e);
    }
  }

  /** The format of a manifest of any version; 0 where it names none. */
  static int formatOf(byte[] json) throws IOException {
    return JSON.readTree(json).path("format").asInt(0);
  }

  static Manifest parse(byte[] json) throws IOException {
    ObjectNode all = JSON.readValue(json, ObjectNode.class);
    return new Manifest(
        take(all, Origin.class),
        take(all, Reached.class),
        take(all, UnderWay.class),
        take(all, Selected.class),
        JSON.treeToValue(all, Past.class)); // refuses what is left of others
  }

  /** The part of an object that is a record's; taken out of it. */
  private static <T extends Record> T take(ObjectNode all, Class<T> type) throws IOException {
    ObjectNode own = JSON.createObjectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode value = all.remove(component.getName());
      if (value != null) {
        own.set(component.getName(), value);
      }
    }
    return JSON.treeToValue(own, type);
  }
}

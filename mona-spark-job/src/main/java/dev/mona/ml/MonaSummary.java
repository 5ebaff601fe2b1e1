package dev.mona.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.StoredJson;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model was trained.
 *
 * @param stopReason COMPLETED, EARLY_STOPPING, or DIVERGED where the best epoch was kept
 * @param seconds of training
 * @param epochs of all stages, in their order
 * @param scores at the end by name, such as what the encoder still knows of the source; the test
 *     score among them where {@code splitCol} names test rows
 */
public record MonaSummary(
    String stopReason, double seconds, List<Epoch> epochs, Map<String, Double> scores) {
  private static final JsonMapper JSON = StoredJson.records();

  public MonaSummary {
    epochs = List.copyOf(epochs);
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  /**
   * An epoch.
   *
   * @param stage warmup, alignment or finetuning
   * @param index epoch within the stage, from 0
   * @param seconds wall-clock time, validation included
   * @param figures training means and validation scores by name, among them {@code loss} and {@code
   *     validation_error}
   */
  public record Epoch(String stage, int index, double seconds, Map<String, Double> figures) {
    public Epoch {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
  }

  /**
   * A figure over the epochs of a stage.
   *
   * @return one value an epoch; NaN where an epoch has none of that name
   */
  public double[] history(Stage stage, String figure) {
    return epochs.stream()
        .filter(epoch -> epoch.stage().equals(stage.id()))
        .mapToDouble(epoch -> epoch.figures().getOrDefault(figure, Double.NaN))
        .toArray();
  }

  /** As JSON, with the names of the parts. */
  public String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a summary always has a JSON form", e);
    }
  }

  /**
   * Reads {@link #json}.
   *
   * @throws IOException if it is none
   */
  static MonaSummary of(byte[] json) throws IOException {
    return JSON.readValue(json, MonaSummary.class);
  }
}

package dev.mona.config;

import java.io.Serializable;
import java.util.List;

/**
 * The pretrained source encoder.
 *
 * @param weights {@value #BUNDLED}, or a directory with config.json, tokenizer.json and
 *     model.safetensors
 */
public record BackboneConfig(String weights) implements Serializable {

  /** The all-MiniLM-L6-v2 encoder that comes with the job. */
  public static final String BUNDLED = "minilm";

  public BackboneConfig {
    if (weights.isBlank()) {
      throw new IllegalArgumentException("weights must be " + BUNDLED + " or a directory");
    }
  }

  /** Whether the encoder on the class path is meant. */
  public boolean bundled() {
    return weights.equals(BUNDLED);
  }

  static final Key<String> WEIGHTS =
      Key.of(
          new ValueType.Location(false),
          "backbone.weights",
          "`minilm` for the encoder that comes with the job, or a Hugging Face directory with"
              + " config.json, tokenizer.json and model.safetensors; the kind of encoder is read"
              + " from config.json");

  static final Section SECTION =
      new Section() {
        @Override
        public String title() {
          return "Backbone";
        }

        @Override
        public List<Key<?>> keys() {
          return List.of(WEIGHTS);
        }
      };

  static BackboneConfig from(Values values) {
    return new BackboneConfig(values.get(WEIGHTS));
  }
}

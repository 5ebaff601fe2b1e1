package dev.mona.config;

import dev.mona.nn.WindowFit;
import java.io.Serializable;
import java.util.List;

/**
 * The pretrained source encoder.
 *
 * @param weights {@value #BUNDLED}, or a directory with config.json and model.safetensors, of a
 *     text encoder also tokenizer.json
 * @param window what windows do on small maps
 * @param imageSize side in pixels that images are resized to; 0 for the encoder's own
 */
public record BackboneConfig(String weights, WindowFit window, int imageSize)
    implements Serializable {

  /** The all-MiniLM-L6-v2 encoder that comes with the job. */
  public static final String BUNDLED = "minilm";

  public BackboneConfig {
    if (weights.isBlank()) {
      throw new IllegalArgumentException("weights must be " + BUNDLED + " or a directory");
    }
    if (imageSize < 0) {
      throw new IllegalArgumentException("the image size must be >= 0");
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
              + " config.json and model.safetensors (text encoders: and tokenizer.json); the kind"
              + " of encoder is read from config.json");
  static final Key<WindowFit> WINDOW =
      Key.choice(
          WindowFit.class,
          "backbone.window",
          "What a window of Hiera does where the map is smaller: `padded` pads the map, as in the"
              + " pretraining; `capped` shrinks the window to the map, about 12 times less work"
              + " for images of 64 x 64");
  static final Key<Integer> IMAGE_SIZE =
      Key.between(
          0,
          4096,
          "backbone.image-size",
          "Side in pixels that samples are resized to for an encoder of images; 0 for the"
              + " encoder's own");

  static final Section SECTION =
      new Section() {
        @Override
        public String title() {
          return "Backbone";
        }

        @Override
        public List<Key<?>> keys() {
          return List.of(WEIGHTS, WINDOW, IMAGE_SIZE);
        }
      };

  static BackboneConfig from(Values values) {
    return new BackboneConfig(values.get(WEIGHTS), values.get(WINDOW), values.get(IMAGE_SIZE));
  }
}

package dev.mona.inputs;

import dev.mona.config.BackboneConfig;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.network.PretrainedWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;

/** The encoder of a finetuned model, as a run leaves it. */
public final class FinetunedBackbone {
  private FinetunedBackbone() {}

  /**
   * Reads it.
   *
   * @param folder with config.json and model.safetensors, on any file system that Hadoop knows
   * @param config how the run saw the encoder that it started from
   * @throws dev.mona.MonaException of the category {@code WEIGHTS} if it is none
   */
  public static PretrainedWeights open(String folder, BackboneConfig config, Configuration hadoop) {
    try {
      EncoderCheckpoint found = EncoderCheckpoint.open(HadoopFolder.of(folder, hadoop));
      return PretrainedWeights.of(found, Backbones.shape(config, found.encoder()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.Sam2Export;
import dev.mona.storage.Lease;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import dev.mona.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes a model folder from an export of SAM 2's image encoder, on any file system. */
public final class WeightsConverter {
  /** Some times the published file. */
  private static final int MAX_BYTES = 1 << 30;

  private WeightsConverter() {}

  /**
   * Writes {@code config.json} and {@code model.safetensors}.
   *
   * @param input the .ort file
   * @param output folder to make; must hold neither
   * @return the encoder that was written
   */
  public static EncoderCheckpoint convert(String input, String output, Configuration hadoop) {
    try (RunDirectory folder = RunDirectory.open(output, hadoop)) {
      folder.requireFree();
      folder.lock(Lease.USUAL);
      for (String file : List.of(EncoderCheckpoint.CONFIG_FILE, EncoderCheckpoint.WEIGHTS_FILE)) {
        if (folder.exists(file)) {
          throw MonaException.configuration(
              "--output %s holds %s already: name another folder".formatted(output, file));
        }
      }
      EncoderCheckpoint trunk = Sam2Export.read(bytes(input, hadoop), input);
      folder.write(
          EncoderCheckpoint.WEIGHTS_FILE,
          out ->
              Safetensors.write(
                  out, List.copyOf(trunk.tensors().values()), Map.of("format", "pt")));
      // a folder with a configuration is one that can be loaded
      folder.write(EncoderCheckpoint.CONFIG_FILE, trunk.encoder()::write);
      return trunk;
    }
  }

  private static byte[] bytes(String input, Configuration hadoop) {
    try {
      Path path = Location.of(input);
      FileSystem files = Location.files(path, hadoop);
      long length = files.getFileStatus(path).getLen();
      if (length > MAX_BYTES) {
        throw MonaException.weights(
            String.format(
                Locale.ROOT,
                "%s has %d bytes, more than the %d of any supported export: give the .ort file of SAM 2's encoder",
                input,
                length,
                MAX_BYTES));
      }
      try (InputStream in = files.open(path)) {
        return in.readNBytes((int) length);
      }
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          "%s cannot be read (%s): check the path and its permissions"
              .formatted(input, Reason.of(e)),
          e);
    }
  }
}

package dev.mona.benchmark.scaling;

import dev.mona.encoder.Bert;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Writes a random BERT of two narrow layers as a Hugging Face folder, with MiniLM's tokenizer: for
 * runs in which what lies around the steps is to be seen. The same bytes each time.
 *
 * <p>Argument: the folder to write.
 */
public final class NoiseEncoder {
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final int VOCABULARY = 30_522;
  private static final double DEVIATION = 0.2;
  private static final long SEED = 20;
  private static final Bert CONFIG =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(24, 2, 3, 48, 1e-12),
          new TextTables(VOCABULARY, 64, 2, 0));

  private NoiseEncoder() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    try (OutputStream out = Files.newOutputStream(folder.resolve("config.json"))) {
      CONFIG.write(out);
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors(), Map.of("format", "pt"));
    }
    try (InputStream in =
        Objects.requireNonNull(
            NoiseEncoder.class.getResourceAsStream(TOKENIZER), "the job's jar has the tokenizer")) {
      Files.copy(in, folder.resolve("tokenizer.json"));
    }
  }

  /** Gaussian, the gains of layer norms around 1. */
  private static List<WeightTensor> tensors() {
    Random random = new Random(SEED);
    return CONFIG.tensors().entries().stream()
        .map(
            entry -> {
              double mean = entry.name().endsWith("LayerNorm.weight") ? 1 : 0;
              float[] values = new float[Math.toIntExact(entry.length())];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (mean + DEVIATION * random.nextGaussian());
              }
              return new WeightTensor(entry.name(), entry.shape(), values);
            })
        .toList();
  }
}

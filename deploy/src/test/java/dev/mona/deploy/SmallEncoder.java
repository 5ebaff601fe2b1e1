package dev.mona.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarFile;

/**
 * A random BERT of two layers as a Hugging Face folder, with the real encoder's tokenizer, for
 * tests of what lies around a run. It has a thirtieth of the real one's parameters, most of them in
 * its word table.
 */
public final class SmallEncoder {
  /** Width of its tokens. */
  public static final int WIDTH = 24;

  private static final int LAYERS = 2;
  private static final int INNER = 48;
  private static final int VOCABULARY = 30_522;
  private static final int POSITIONS = 64;
  private static final double DEVIATION = 0.2;
  private static final long SEED = 20;
  private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

  private SmallEncoder() {}

  /** Writes the folder, the same bytes each time; its address, for {@code backbone.weights}. */
  public static String write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), configuration());
      weights(folder.resolve("model.safetensors"));
      try (JarFile jar = new JarFile(Installation.jar().toFile());
          InputStream in = jar.getInputStream(jar.getEntry(TOKENIZER))) {
        Files.write(folder.resolve("tokenizer.json"), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder.toUri().toString();
  }

  private static String configuration() {
    return new ObjectMapper()
        .createObjectNode()
        .put("model_type", "bert")
        .put("vocab_size", VOCABULARY)
        .put("hidden_size", WIDTH)
        .put("num_hidden_layers", LAYERS)
        .put("num_attention_heads", 3)
        .put("intermediate_size", INNER)
        .put("max_position_embeddings", POSITIONS)
        .put("type_vocab_size", 2)
        .put("layer_norm_eps", 1e-12)
        .put("hidden_act", "gelu")
        .toString();
  }

  private static Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.word_embeddings.weight", List.of(VOCABULARY, WIDTH));
    shapes.put("embeddings.position_embeddings.weight", List.of(POSITIONS, WIDTH));
    shapes.put("embeddings.token_type_embeddings.weight", List.of(2, WIDTH));
    affine(shapes, "embeddings.LayerNorm", List.of(WIDTH));
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i;
      for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
        affine(shapes, layer + ".attention." + name, List.of(WIDTH, WIDTH));
      }
      affine(shapes, layer + ".attention.output.LayerNorm", List.of(WIDTH));
      affine(shapes, layer + ".intermediate.dense", List.of(INNER, WIDTH));
      affine(shapes, layer + ".output.dense", List.of(WIDTH, INNER));
      affine(shapes, layer + ".output.LayerNorm", List.of(WIDTH));
    }
    return shapes;
  }

  private static void affine(
      Map<String, List<Integer>> shapes, String name, List<Integer> weights) {
    shapes.put(name + ".weight", weights);
    shapes.put(name + ".bias", weights.subList(0, 1));
  }

  private static void weights(Path file) throws IOException {
    Map<String, List<Integer>> shapes = shapes();
    ObjectNode header = new ObjectMapper().createObjectNode();
    long end = 0;
    for (Map.Entry<String, List<Integer>> tensor : shapes.entrySet()) {
      long from = end;
      end += 4L * size(tensor.getValue());
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
      tensor.getValue().forEach(entry.withArray("shape")::add);
      entry.putArray("data_offsets").add(from).add(end);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(SEED);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeLong(Long.reverseBytes(json.length));
      out.write(json);
      for (Map.Entry<String, List<Integer>> tensor : shapes.entrySet()) {
        double mean = tensor.getKey().endsWith("LayerNorm.weight") ? 1 : 0;
        for (int i = size(tensor.getValue()); i > 0; i--) {
          float value = (float) (mean + DEVIATION * random.nextGaussian());
          out.writeInt(Integer.reverseBytes(Float.floatToIntBits(value)));
        }
      }
    }
  }

  private static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}

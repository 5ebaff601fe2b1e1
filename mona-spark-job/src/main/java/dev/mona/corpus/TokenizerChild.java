package dev.mona.corpus;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The process that runs the native tokenizer, which a hostile tokenizer.json can end, stop or blow
 * up. It knows this class and the library alone, and speaks with {@link TokenizerProcess} through
 * its standard streams; numbers are big-endian:
 *
 * <ul>
 *   <li>in, once: the most tokens of a text, the length of the tokenizer.json, and the file;
 *   <li>in, for each batch: the number of texts, and for each its length in characters and its
 *       characters, UTF-16;
 *   <li>out, for the file and for each batch: a byte that says how it went; then, when it went
 *       well, for each text the number of its tokens and their ids, else the length of a message
 *       and the message, UTF-8.
 * </ul>
 *
 * <p>The end of its input ends it, also while it is at work: so it never outlives its parent.
 */
final class TokenizerChild {
  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int NO_LIBRARY = 2;
  static final int OUT_OF_MEMORY = 3;

  static final int MAX_MESSAGE_BYTES = 2000;

  private final DataInputStream in;
  private final DataOutputStream out;
  private final BlockingQueue<List<String>> batches = new ArrayBlockingQueue<>(1);

  private TokenizerChild(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    // Whatever a library prints must not come between the answers.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    new TokenizerChild(new DataInputStream(new FileInputStream(FileDescriptor.in)), out).read();
  }

  private void read() throws IOException {
    try {
      int maxTokens = in.readInt();
      byte[] json = new byte[in.readInt()];
      in.readFully(json);
      Thread worker = new Thread(() -> work(json, maxTokens), "tokenizer");
      worker.setDaemon(true);
      worker.start();
      while (true) {
        batches.add(batch());
      }
    } catch (EOFException e) {
      Runtime.getRuntime().halt(0);
    }
  }

  private List<String> batch() throws IOException {
    int count = in.readInt();
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] characters = new byte[Character.BYTES * in.readInt()];
      in.readFully(characters);
      texts.add(ByteBuffer.wrap(characters).asCharBuffer().toString());
    }
    return texts;
  }

  private void work(byte[] json, int maxTokens) {
    try {
      try (HuggingFaceTokenizer tokenizer = open(json, maxTokens)) {
        out.write(DONE);
        out.flush();
        while (true) {
          answer(tokenizer.batchEncode(batches.take()));
        }
      } catch (OutOfMemoryError e) {
        fail(OUT_OF_MEMORY, e);
      } catch (LinkageError | IllegalStateException | EngineException e) {
        fail(NO_LIBRARY, e);
      } catch (RuntimeException e) {
        fail(REFUSED, e);
      }
    } catch (IOException | InterruptedException e) {
      // The parent is gone.
      Runtime.getRuntime().halt(1);
    }
  }

  private static HuggingFaceTokenizer open(byte[] json, int maxTokens) throws IOException {
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "true",
            "truncation", "true",
            "padding", "false",
            "maxLength", Integer.toString(maxTokens),
            "modelMaxLength", Integer.toString(maxTokens));
    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
  }

  private void answer(Encoding[] encodings) throws IOException {
    out.write(DONE);
    for (Encoding encoding : encodings) {
      long[] ids = encoding.getIds();
      out.writeInt(ids.length);
      for (long id : ids) {
        out.writeInt((int) Math.max(-1, Math.min(id, Integer.MAX_VALUE)));
      }
    }
    out.flush();
  }

  private void fail(int how, Throwable e) throws IOException {
    String text = String.valueOf(e.getMessage());
    byte[] message =
        text.substring(0, Math.min(text.length(), MAX_MESSAGE_BYTES / 4))
            .getBytes(StandardCharsets.UTF_8);
    out.write(how);
    out.writeInt(message.length);
    out.write(message);
    out.flush();
  }
}

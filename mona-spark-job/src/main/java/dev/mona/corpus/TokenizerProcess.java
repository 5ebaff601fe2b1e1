package dev.mona.corpus;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import com.google.gson.Gson;
import com.sun.jna.Library;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * The parent's side of {@link TokenizerChild}: starts it, holds it to its limits and says in one
 * sentence how it ended. What it answers is read as hostile: no count is believed that the question
 * does not cover.
 *
 * <p>The child is a JVM from the {@code java.home} of this one with a few jars of its class path.
 * It gets the variables of the environment that it needs, no secrets among them. The data that it
 * may hold is limited by the system where there is a shell to ask it ({@code ulimit -d}), and its
 * resident memory is watched where the system tells it ({@code /proc}).
 */
final class TokenizerProcess implements AutoCloseable {
  private static final int BASE_HEAP_MEBIBYTES = 96;

  /** Copies of the file on the way to the native library. */
  private static final int HEAP_PER_FILE_BYTE = 8;

  private static final int MAX_THREADS = 16;
  private static final int SIGNALLED = 128;
  private static final Path SHELL = Path.of("/bin/sh");
  private static final String LIMITED = "ulimit -c 0; ulimit -d \"$0\" 2>/dev/null; exec \"$@\"";
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH");
  private static final String THREADS = "RAYON_NUM_THREADS";

  private final Process process;
  private final NativeTokenizer library;
  private final TokenizerWatch watch;
  private final DataOutputStream to;
  private final DataInputStream from;
  private final int maxTokens;
  private final String where;

  private TokenizerProcess(
      Process process,
      NativeTokenizer library,
      TokenizerLimits limits,
      int maxTokens,
      String where) {
    this.process = process;
    this.library = library;
    this.watch = TokenizerWatch.of(process, limits);
    this.to = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    this.from = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    this.maxTokens = maxTokens;
    this.where = where;
  }

  /**
   * Starts the process and lets it open a tokenizer.
   *
   * @throws MonaException of the category {@code WEIGHTS} when it does not survive that or says
   *     that the file is no tokenizer, {@code ENVIRONMENT} when there is no Java or no native
   *     library
   */
  static TokenizerProcess start(byte[] json, TokenizerLimits limits, int maxTokens, String where)
      throws IOException {
    NativeTokenizer library = NativeTokenizer.prepare();
    TokenizerProcess started;
    try {
      started =
          new TokenizerProcess(
              launch(library, limits, json.length), library, limits, maxTokens, where);
    } catch (IOException | RuntimeException e) {
      library.close();
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "The process that tokenises cannot be started from %s (%s): use a whole Java runtime, with bin/java"
              .formatted(System.getProperty("java.home"), Reason.of(e)),
          e);
    }
    try {
      started.ask(
          () -> {
            started.to.writeInt(maxTokens);
            started.to.writeInt(json.length);
            started.to.write(json);
          },
          "is no tokenizer: ");
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static Process launch(NativeTokenizer library, TokenizerLimits limits, int jsonBytes)
      throws IOException {
    long heap = BASE_HEAP_MEBIBYTES + (long) HEAP_PER_FILE_BYTE * jsonBytes / (1 << 20);
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SHELL)) {
      command.addAll(List.of(SHELL.toString(), "-c", LIMITED));
      command.add(Long.toString(1024L * limits.mebibytes()));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + Math.min(heap, limits.mebibytes()) + "m");
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:-UsePerfData",
            "-XX:+SuppressFatalErrorMessage",
            "-Xshare:auto"));
    command.addAll(library.options());
    command.addAll(List.of("-cp", classPath(), TokenizerChild.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                !(ENVIRONMENT.contains(name)
                    || name.equals(THREADS)
                    || NativeTokenizer.reads(name)));
    int cores = Runtime.getRuntime().availableProcessors();
    builder.environment().putIfAbsent(THREADS, Integer.toString(Math.min(cores, MAX_THREADS)));
    // One line says why it gave up.
    builder.environment().put("RUST_BACKTRACE", "0");
    return builder.start();
  }

  /** Where the few classes come from that the child needs, whatever loaded them here. */
  private static String classPath() {
    Set<String> path = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            TokenizerChild.class,
            HuggingFaceTokenizer.class,
            Utils.class,
            Gson.class,
            Library.class,
            Logger.class)) {
      CodeSource source = needed.getProtectionDomain().getCodeSource();
      URL location = source == null ? null : source.getLocation();
      if (location == null || !location.getProtocol().equals("file")) {
        return System.getProperty("java.class.path");
      }
      try {
        path.add(Path.of(location.toURI()).toString());
      } catch (URISyntaxException | IllegalArgumentException e) {
        return System.getProperty("java.class.path");
      }
    }
    return String.join(File.pathSeparator, path);
  }

  /** Token ids of the texts, in their order. */
  List<int[]> encode(List<String> texts) {
    ask(
        () -> {
          to.writeInt(texts.size());
          for (String text : texts) {
            to.writeInt(text.length());
            to.writeChars(text);
          }
        },
        "cannot tokenise a text: ");
    List<int[]> ids = new ArrayList<>(texts.size());
    try {
      for (int i = 0; i < texts.size(); i++) {
        ids.add(ids());
      }
    } catch (IOException e) {
      throw ended(e);
    }
    return ids;
  }

  private int[] ids() throws IOException {
    int count = from.readInt();
    if (count < 0 || count > maxTokens) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "%s makes %d tokens of a text that may have %d; give the model's own tokenizer.json",
              where,
              count,
              maxTokens));
    }
    ByteBuffer bytes = ByteBuffer.wrap(from.readNBytes(Integer.BYTES * count));
    if (bytes.remaining() < Integer.BYTES * count) {
      throw new IOException("the answer ends early");
    }
    int[] ids = new int[count];
    bytes.asIntBuffer().get(ids);
    return ids;
  }

  private interface Question {
    void write() throws IOException;
  }

  /** Sends a question and reads how it went. */
  private void ask(Question question, String failure) {
    int how;
    String message;
    try {
      question.write();
      to.flush();
      how = from.readUnsignedByte();
      if (how == TokenizerChild.DONE) {
        return;
      }
      int length = Math.max(0, Math.min(from.readInt(), TokenizerChild.MAX_MESSAGE_BYTES));
      message = new String(from.readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw ended(e);
    }
    throw switch (how) {
      case TokenizerChild.OUT_OF_MEMORY -> MonaException.weights(watch.tooMuchMemory(where));
      case TokenizerChild.NO_LIBRARY ->
          new MonaException(
              MonaException.Category.ENVIRONMENT,
              "The native tokenizer library cannot be unpacked or loaded (%s); set DJL_CACHE_DIR to a writable folder that allows execution"
                  .formatted(Quoted.of(message)));
      default ->
          MonaException.weights(
              where + " " + failure + Quoted.of(message) + "; give the model's tokenizer.json");
    };
  }

  /** What happened to a process that does not answer any more. */
  private MonaException ended(IOException cause) {
    return new MonaException(MonaException.Category.WEIGHTS, watch.sentence(where, exit()), cause);
  }

  /** The exit status of a process whose streams have ended. */
  private int exit() {
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return SIGNALLED;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exit();
    watch.close();
    for (AutoCloseable stream : List.of(process.getInputStream(), process.getErrorStream())) {
      closeQuietly((InputStream) stream);
    }
    library.close();
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package dev.mona.corpus;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * How DJL comes by the native library of its tokenizers in the process that loads it.
 *
 * <ul>
 *   <li>Offline: without this DJL may fetch a CUDA build of the library and send usage statistics.
 *       Left alone when {@code DJL_OFFLINE} or the property {@code ai.djl.offline} is set.
 *   <li>The folder it is unpacked into: DJL's own choice ({@code DJL_CACHE_DIR} or {@code
 *       ENGINE_CACHE_DIR}, else {@code .djl.ai} in the user's home), but where there is no home to
 *       write to, as in most containers, a private temporary folder, which goes with the process.
 *       DJL would take a fixed name below {@code java.io.tmpdir}, where another user could put a
 *       library of his own.
 * </ul>
 *
 * @param options system properties as options of a JVM
 * @param temporary the private folder, when there is one
 */
record NativeTokenizer(List<String> options, Optional<Path> temporary) implements AutoCloseable {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String ENGINE_CACHE = "ENGINE_CACHE_DIR";
  private static final List<String> NAMES = List.of("ai.djl.", "DJL_", "ENGINE_", "RUST_");

  NativeTokenizer {
    options = List.copyOf(options);
  }

  /** What this process was told about the library, and what is still open. */
  static NativeTokenizer prepare() throws IOException {
    Map<String, String> environment = System.getenv();
    Properties properties = System.getProperties();
    List<String> options = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (NAMES.stream().anyMatch(name::startsWith)) {
        options.add(option(name, properties.getProperty(name)));
      }
    }
    String home = properties.getProperty("user.home");
    options.add(option("user.home", home));
    options.add(option("java.io.tmpdir", properties.getProperty("java.io.tmpdir")));
    if (properties.getProperty(OFFLINE) == null && !environment.containsKey("DJL_OFFLINE")) {
      options.add(option(OFFLINE, "true"));
    }
    Optional<Path> temporary = Optional.empty();
    boolean chosen =
        Utils.getEnvOrSystemProperty(CACHE) != null
            || Utils.getEnvOrSystemProperty(ENGINE_CACHE) != null;
    Path folder = Path.of(home);
    if (!chosen && !(folder.isAbsolute() && Files.isWritable(folder))) {
      temporary = Optional.of(Files.createTempDirectory("mona-tokenizer"));
      options.add(option(CACHE, temporary.get().toString()));
    }
    return new NativeTokenizer(options, temporary);
  }

  /** Whether a variable of the environment is one that the library reads. */
  static boolean reads(String variable) {
    return NAMES.stream().anyMatch(variable::startsWith);
  }

  private static String option(String name, String value) {
    return "-D" + name + "=" + value;
  }

  /** Removes the private folder; call it when the process has ended. */
  @Override
  public void close() {
    if (temporary.isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.walk(temporary.get())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

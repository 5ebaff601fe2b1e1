package dev.mona.corpus;

import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How DJL comes by the native library of its tokenizers, settled before it is first asked.
 *
 * <ul>
 *   <li>Offline: without this DJL may fetch a CUDA build of the library and send usage statistics.
 *       Left alone when {@code DJL_OFFLINE} or the property {@code ai.djl.offline} is set.
 *   <li>The folder it is unpacked into: DJL's own choice ({@code DJL_CACHE_DIR} or {@code
 *       ENGINE_CACHE_DIR}, else {@code .djl.ai} in the user's home), but where there is no home to
 *       write to, as in most containers, a private temporary folder. DJL would take a fixed name
 *       below {@code java.io.tmpdir}, where another user could put a library of his own.
 * </ul>
 */
final class NativeTokenizer {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String ENGINE_CACHE = "ENGINE_CACHE_DIR";

  private NativeTokenizer() {}

  /** Sets the system properties that are still open; the first call decides. */
  static synchronized void prepare() throws IOException {
    Map<String, String> environment = System.getenv();
    if (System.getProperty(OFFLINE) == null && !environment.containsKey("DJL_OFFLINE")) {
      System.setProperty(OFFLINE, "true");
    }
    boolean chosen =
        Utils.getEnvOrSystemProperty(CACHE) != null
            || Utils.getEnvOrSystemProperty(ENGINE_CACHE) != null;
    if (!chosen && !Files.isWritable(Path.of(System.getProperty("user.home")))) {
      System.setProperty(CACHE, Files.createTempDirectory("mona-tokenizer").toString());
    }
  }
}

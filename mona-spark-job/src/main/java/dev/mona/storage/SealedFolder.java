package dev.mona.storage;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.MonaException;
import dev.mona.StoredJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files of a run that belong together, in a folder with a {@code manifest.json} of their checksums
 * and its own. The manifest is written last: without it the folder holds nothing yet.
 */
public final class SealedFolder {
  private static final String MANIFEST = "/manifest.json";
  private static final int LARGEST = 1 << 20;
  private static final JsonMapper JSON = StoredJson.records();

  private SealedFolder() {}

  /** What the manifest holds. */
  private record Manifest(Map<String, FileDigest> files) {}

  /**
   * Writes a folder's files, in the order of the map, and its manifest.
   *
   * @param folder its name within the run
   * @param files what to write, by name within the folder
   */
  public static void write(RunDirectory run, String folder, Map<String, ContentWriter> files) {
    run.delete(folder + MANIFEST);
    Map<String, FileDigest> digests = new LinkedHashMap<>();
    files.forEach((name, content) -> digests.put(name, run.write(folder + "/" + name, content)));
    try {
      String json = JSON.writeValueAsString(new Manifest(digests)) + "\n";
      run.writeText(folder + MANIFEST, Seal.of(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("checksums always have a JSON form", e);
    }
  }

  /** Whether the folder was written to its end. */
  public static boolean isThere(RunDirectory run, String folder) {
    return run.exists(folder + MANIFEST);
  }

  /**
   * Makes sure that a file is as it was written.
   *
   * @throws MonaException of the category {@code WEIGHTS} if it is not
   */
  public static void verify(RunDirectory run, String folder, String name) {
    FileDigest expected = manifest(run, folder).files().get(name);
    String file = folder + "/" + name;
    if (expected == null || !run.exists(file) || !run.digest(file).equals(expected)) {
      throw damaged(
          run.location(file) + " is not the file that the run wrote",
          new IOException("another checksum"));
    }
  }

  private static Manifest manifest(RunDirectory run, String folder) {
    return run.read(
        folder + MANIFEST,
        (in, length) -> {
          try {
            byte[] json = Seal.open(in.readNBytes(LARGEST)).getBytes(StandardCharsets.UTF_8);
            return JSON.readValue(json, Manifest.class);
          } catch (JacksonException e) {
            throw damaged(run.location(folder + MANIFEST) + " is no manifest", e);
          } catch (IOException e) {
            throw damaged(
                run.location(folder + MANIFEST) + " is damaged (" + e.getMessage() + ")", e);
          }
        });
  }

  private static MonaException damaged(String what, Throwable cause) {
    return new MonaException(
        MonaException.Category.WEIGHTS,
        what + ": put the folder back from a copy, or train the run again",
        cause);
  }
}

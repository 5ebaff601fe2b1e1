package dev.mona.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON object that holds its own checksum, as its last field: the SHA-256 of the object's text
 * without that field. Any other byte in the file, up to the last line break, breaks the seal.
 */
public final class Seal {
  private static final String END = "\n}\n";
  private static final Pattern SEALED =
      Pattern.compile(",\n  \"sha256\" : \"([0-9a-f]{64})\"\n}\n\\z");

  private Seal() {}

  /**
   * Adds the checksum.
   *
   * @param json an object of at least one field, one field a line, with a line break at its end
   */
  public static String of(String json) {
    if (!json.endsWith(END)) {
      throw new IllegalArgumentException("not an object with one field a line");
    }
    String fields = json.substring(0, json.length() - END.length());
    return fields + ",\n  \"sha256\" : \"" + Sha256.of(json) + "\"" + END;
  }

  /**
   * The object without its checksum.
   *
   * @throws IOException if it has none, or another one than its bytes
   */
  public static String open(byte[] sealed) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sealed)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is no text", e);
    }
    Matcher seal = SEALED.matcher(text);
    if (!seal.find()) {
      throw new IOException("it has no checksum of its own");
    }
    String json = text.substring(0, seal.start()) + END;
    if (!Sha256.of(json).equals(seal.group(1))) {
      throw new IOException("it does not match its own checksum");
    }
    return json;
  }
}

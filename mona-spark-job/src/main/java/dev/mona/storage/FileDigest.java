package dev.mona.storage;

/**
 * What a file holds, in short.
 *
 * @param bytes its length
 * @param sha256 its SHA-256 in lower-case hex
 */
public record FileDigest(long bytes, String sha256) {
  private static final int HEX_LENGTH = 64;

  public FileDigest {
    if (bytes < 0 || sha256.length() != HEX_LENGTH) {
      throw new IllegalArgumentException(
          "not a length and a SHA-256: " + bytes + ", '" + sha256 + "'");
    }
  }
}

package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads arrays by name from an npz file, a zip file of npy files. Only the arrays asked for are
 * unpacked. An entry may unpack to {@value #FREE_BYTES} bytes, or to {@value #MAX_RATIO} times its
 * packed size, so that a small file cannot fill the memory; the checksum of each entry is verified.
 */
public final class NpzReader implements AutoCloseable {
  private static final int MAX_ENTRIES = 4096;
  private static final long FREE_BYTES = 64L << 20;
  private static final long MAX_RATIO = 200;
  private static final String SUFFIX = ".npy";

  private final ZipFile zip;
  private final String where;
  private final Map<String, ZipEntry> entries;

  private NpzReader(ZipFile zip, String where, Map<String, ZipEntry> entries) {
    this.zip = zip;
    this.where = where;
    this.entries = entries;
  }

  /**
   * Opens a local npz file and checks its directory.
   *
   * @param where names the file in errors
   */
  public static NpzReader open(File file, String where) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file);
    } catch (ZipException | EOFException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          where + " is not an npz file or is truncated (" + Reason.of(e) + "): fetch it again",
          e);
    }
    try {
      return new NpzReader(zip, where, directory(zip, file.length(), where));
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static Map<String, ZipEntry> directory(ZipFile zip, long fileBytes, String where) {
    if (zip.size() > MAX_ENTRIES) {
      throw MonaException.data(
          where
              + " holds "
              + zip.size()
              + " entries, at most "
              + MAX_ENTRIES
              + " are read: split the file");
    }
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    for (Iterator<? extends ZipEntry> i = zip.stream().iterator(); i.hasNext(); ) {
      ZipEntry entry = i.next();
      String name = entry.getName();
      if (!name.endsWith(SUFFIX)) {
        throw MonaException.data(
            where
                + " holds "
                + Quoted.of(name)
                + ", which is no npy file: write it with numpy.savez");
      }
      String array = name.substring(0, name.length() - SUFFIX.length());
      if (entries.put(array, entry) != null) {
        throw MonaException.data(
            where + " holds the array " + Quoted.of(array) + " twice: write it again");
      }
      long packed = entry.getCompressedSize();
      if (packed > fileBytes
          || entry.getSize() > Math.max(FREE_BYTES, Math.multiplyExact(packed, MAX_RATIO))) {
        throw MonaException.data(
            where
                + " would unpack "
                + Quoted.of(array)
                + " from "
                + packed
                + " to "
                + entry.getSize()
                + " bytes, more than "
                + MAX_RATIO
                + " times its size: write it uncompressed with numpy.savez if that is meant");
      }
    }
    return entries;
  }

  /** Names of the arrays, without the suffix, in the order of the file. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** The array of that name, or empty if the file has none. */
  public Optional<NpyArray> read(String name) throws IOException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    String array =
        (name.matches(NumpyOptions.ARRAY_PATTERN) ? name : Quoted.of(name)) + " in " + where;
    CRC32 crc = new CRC32();
    try (InputStream raw = zip.getInputStream(entry);
        InputStream in = new CheckedInputStream(raw, crc)) {
      NpyArray result = NpyReader.read(in, entry.getSize(), array);
      if (crc.getValue() != entry.getCrc()) {
        throw MonaException.data(
            array + " does not match its checksum: the file is corrupt, fetch it again");
      }
      return Optional.of(result);
    } catch (ZipException | EOFException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          array + " cannot be unpacked (" + Reason.of(e) + "): fetch the file again",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}

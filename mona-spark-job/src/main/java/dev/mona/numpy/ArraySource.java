package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.StandIn;
import dev.mona.storage.Location;
import dev.mona.storage.Sha256;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** NumPy arrays by name from a directory: out of an npz file, or one npy file each. */
final class ArraySource implements AutoCloseable {
  private final FileSystem fileSystem;
  private final Path directory;
  private final @Nullable NpzReader npz;
  private final java.nio.file.@Nullable Path copy;

  private ArraySource(
      FileSystem fileSystem,
      Path directory,
      @Nullable NpzReader npz,
      java.nio.file.@Nullable Path copy) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.npz = npz;
    this.copy = copy;
  }

  static ArraySource open(FileSystem fileSystem, Path directory, NumpyCard card)
      throws IOException {
    if (card.file().isEmpty()) {
      return new ArraySource(fileSystem, directory, null, null);
    }
    // a zip file is read from its end, so it has to be local
    Path file = new Path(directory, card.file().get());
    java.nio.file.Path copy = Files.createTempFile("mona-convert-", ".npz");
    try {
      try (InputStream in = fileSystem.open(file)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      } catch (FileNotFoundException e) {
        throw new MonaException(
            MonaException.Category.DATA,
            file + " does not exist: the file that the card names must lie beside it",
            e);
      }
      try (InputStream in = Files.newInputStream(copy)) {
        StandIn.refuse(MonaException.Category.DATA, file.toString(), in);
      }
      check(copy.toFile(), card, file);
      NpzReader npz = NpzReader.open(copy.toFile(), file.toString());
      return new ArraySource(fileSystem, directory, npz, copy);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  private static void check(File copy, NumpyCard card, Path file) throws IOException {
    if (card.sha256().isPresent()) {
      String wanted = card.sha256().get();
      String found;
      try (InputStream in = Files.newInputStream(copy.toPath())) {
        found = Sha256.of(in);
      }
      if (!found.equals(wanted)) {
        throw MonaException.data(
            file
                + " has SHA-256 "
                + found
                + " and its card says "
                + wanted
                + ": fetch the file again or mend the card");
      }
    }
  }

  /** The array of that name, or empty if there is none. */
  Optional<NpyArray> read(String name) throws IOException {
    if (npz != null) {
      return npz.read(name);
    }
    Path file = Location.child(directory, name + ".npy");
    if (!fileSystem.exists(file)) {
      return Optional.empty();
    }
    FileStatus status = fileSystem.getFileStatus(file);
    URI place = status.getPath().toUri();
    if (status.getLen() > NpyReader.MAX_DATA && "file".equals(place.getScheme())) {
      return Optional.of(NpyReader.map(java.nio.file.Path.of(place.getPath()), file.toString()));
    }
    try (InputStream in = fileSystem.open(file)) {
      return Optional.of(
          NpyReader.read(
              StandIn.refuse(MonaException.Category.DATA, file.toString(), in),
              status.getLen(),
              file.toString()));
    }
  }

  @Override
  public void close() throws IOException {
    if (npz != null) {
      npz.close();
    }
    if (copy != null) {
      Files.deleteIfExists(copy);
    }
  }
}

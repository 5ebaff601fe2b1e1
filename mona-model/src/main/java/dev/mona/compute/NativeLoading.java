package dev.mona.compute;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first load of native libraries from a folder that they are unpacked to. JavaCPP's own lock is
 * on one file at a time, so that the linker of another process may map a library of which half is
 * written, which ends that process with SIGBUS. Here one process of a machine unpacks and loads all
 * that there is, and leaves a note; whoever finds the note loads without waiting.
 */
public final class NativeLoading {
  private static final Logger log = LoggerFactory.getLogger(NativeLoading.class);

  private NativeLoading() {}

  /**
   * Loads libraries, for good. Where the folder cannot be written or locked, they are loaded all
   * the same.
   *
   * @param folder that libraries are unpacked to; made if it is missing
   * @param bound the class whose libraries they are, from the jar that holds them
   * @param load loads them
   */
  public static void once(Path folder, Class<?> bound, Runnable load) {
    String jar = jar(bound);
    Path note = folder.resolve(".loaded-" + bound.getSimpleName());
    // a lock is a process's: its own threads have to wait for each other
    synchronized (NativeLoading.class) {
      if (jar.isEmpty() || !says(note, jar)) {
        try (FileChannel file = open(folder);
            FileLock lock = file.lock()) {
          log.debug("event=native_loading folder=\"{}\" shared={}", folder, lock.isShared());
          load.run();
          Files.writeString(note, jar);
          return;
        } catch (IOException e) {
          log.info("event=native_loading folder=\"{}\" locked=false because=\"{}\"", folder, e);
        }
      }
      load.run();
    }
  }

  private static boolean says(Path note, String jar) {
    try {
      return Files.readString(note).equals(jar);
    } catch (IOException e) {
      return false;
    }
  }

  private static FileChannel open(Path folder) throws IOException {
    Files.createDirectories(folder);
    return FileChannel.open(
        folder.resolve(".loading"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** What tells the jar of a class from another of its name; empty if it is not known. */
  private static String jar(Class<?> bound) {
    CodeSource source = bound.getProtectionDomain().getCodeSource();
    if (source == null) {
      return "";
    }
    try {
      Path file = Path.of(source.getLocation().toURI());
      return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException
        | URISyntaxException
        | IllegalArgumentException
        | FileSystemNotFoundException e) {
      return "";
    }
  }
}

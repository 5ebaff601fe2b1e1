package dev.mona.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Sockets on which processes listen, as Linux tells them. */
final class ListeningSockets {
  private static final String LISTEN = "0A";
  private static final Set<String> LOOPBACK_V6 =
      Set.of("00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

  private ListeningSockets() {}

  /** Those of the addresses that other machines could reach. */
  static List<String> beyondLoopback(List<String> addresses) {
    return addresses.stream()
        .filter(address -> !isLoopback(address.substring(0, address.indexOf(':'))))
        .toList();
  }

  /** Addresses and ports in hexadecimal. */
  static List<String> of(Stream<ProcessHandle> processes) {
    Set<String> own = new HashSet<>();
    processes.forEach(process -> own.addAll(sockets(process.pid())));
    return Stream.concat(table("/proc/net/tcp"), table("/proc/net/tcp6"))
        .map(line -> line.trim().split("\\s+"))
        .filter(fields -> fields.length > 9 && fields[3].equals(LISTEN) && own.contains(fields[9]))
        .map(fields -> fields[1])
        .toList();
  }

  /** The kernel prints each 32-bit word in the byte order of the machine. */
  private static boolean isLoopback(String address) {
    return address.length() == 8 ? address.endsWith("7F") : LOOPBACK_V6.contains(address);
  }

  private static Set<String> sockets(long pid) {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files.toList()) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // the process or the file went away meanwhile: it listens no more
      return inodes;
    }
    return inodes;
  }

  private static Stream<String> table(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

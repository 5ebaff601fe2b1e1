package dev.mona.benchmark.scaling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes that have gone through this process's TCP connections so far, as the kernel counts them
 * ({@code ss} of iproute2). Connections that have closed no longer count; Spark keeps its own.
 *
 * @param sent acknowledged by the other side
 * @param received in order
 */
record Sockets(long sent, long received) {
  private static final Pattern SENT = Pattern.compile("bytes_acked:(\\d+)");
  private static final Pattern RECEIVED = Pattern.compile("bytes_received:(\\d+)");

  static Sockets now() {
    try {
      Process process = new ProcessBuilder("ss", "-tinpHO").start();
      String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String own = "pid=" + ProcessHandle.current().pid() + ",";
      long sent = 0;
      long received = 0;
      for (String line : all.lines().filter(l -> l.contains(own)).toList()) {
        sent += number(SENT, line);
        received += number(RECEIVED, line);
      }
      return new Sockets(sent, received);
    } catch (IOException e) {
      throw new UncheckedIOException("ss of iproute2 is needed", e);
    }
  }

  private static long number(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  Sockets since(Sockets before) {
    return new Sockets(sent - before.sent, received - before.received);
  }
}

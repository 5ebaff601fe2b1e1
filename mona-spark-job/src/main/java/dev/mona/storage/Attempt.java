package dev.mona.storage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.mona.Quoted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One process's attempt at some work in a directory.
 *
 * @param id 12 hexadecimal digits that no other attempt has
 * @param process where it runs; in JSON, its parts stand beside the others
 * @param application Spark's id, empty outside Spark
 */
public record Attempt(String id, HostProcess process, String application) {
  private static final int LENGTH = 12;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{" + LENGTH + "}");
  private static final Path PROC = Path.of("/proc");

  /** Of a process that there always is, and that is root's. */
  private static final Path FIRST = PROC.resolve("1/stat");

  /** Where the ticks stand after the name of the process, which may hold anything. */
  private static final int START_TICKS = 19;

  /**
   * A new one of this process.
   *
   * @param application Spark's id, empty outside Spark
   */
  public static Attempt of(String application) {
    long pid = ProcessHandle.current().pid();
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, LENGTH);
    return new Attempt(
        id, new HostProcess(hostName(), pid, startTicks(pid), machineName()), application);
  }

  /** The parts of the process beside the others. */
  @JsonValue
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("host", process.host());
    json.put("pid", process.pid());
    json.put("started", process.started());
    json.put("machine", process.machine());
    json.put("application", application);
    return json;
  }

  @JsonCreator
  static Attempt of(
      @JsonProperty("id") String id,
      @JsonProperty("host") String host,
      @JsonProperty("pid") long pid,
      @JsonProperty("started") long started,
      @JsonProperty("machine") String machine,
      @JsonProperty("application") String application) {
    return new Attempt(id, new HostProcess(host, pid, started, machine), application);
  }

  /**
   * A process of some machine.
   *
   * @param host name of the machine
   * @param pid its number there
   * @param started when it was started, in ticks of its kernel; 0 where that is not known
   * @param machine of processes with the same text, each sees whether the other lives; may be empty
   */
  record HostProcess(String host, long pid, long started, String machine) {}

  /** Name of its machine. */
  public String host() {
    return process.host();
  }

  /** Whether a text has the form of an id. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Whether this process can see that the attempt's process is no more. */
  boolean isSeenDead() {
    return !process.machine().isEmpty()
        && process.machine().equals(machineName())
        && process.started() != 0
        // where /proc hides the processes of other users, one that lives cannot be seen
        && Files.isReadable(FIRST)
        && startTicks(process.pid()) != process.started();
  }

  /** For people. */
  String text() {
    return "attempt "
        + id
        + " on "
        + Quoted.of(host())
        + " (process "
        + process.pid()
        + (application.isEmpty() ? "" : ", application " + Quoted.of(application))
        + ")";
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** The kernel since its start, and the name space of its processes. */
  private static String machineName() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return boot + "/" + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return "";
    }
  }

  /** 0 where there is no such process, or only its remains. */
  private static long startTicks(long pid) {
    try {
      String text = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") ? 0 : Long.parseLong(fields[START_TICKS]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}

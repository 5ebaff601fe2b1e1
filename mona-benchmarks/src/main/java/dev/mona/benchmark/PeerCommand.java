package dev.mona.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a peer is started.
 *
 * @param peer which one
 * @param command the process and its first arguments; shapes follow
 * @param purpose what for
 */
record PeerCommand(PeerId peer, List<String> command, Purpose purpose) {
  /** What a peer runs for. */
  enum Purpose {
    /** Large arrays lie in huge pages. */
    TIME("glibc.malloc.hugetlb=1"),
    /**
     * Every array of 2 MB or more is taken from the system and given back, so that it costs page
     * faults. What is smaller stays with malloc: oneDNN takes and gives back up to that much in a
     * product.
     */
    COUNT("glibc.malloc.mmap_threshold=2097152:glibc.malloc.trim_threshold=1073741824");

    private final String allocator;

    Purpose(String allocator) {
      this.allocator = allocator;
    }
  }

  /** Settings of OpenBLAS that would slow it down; no peer needs them. */
  static final List<String> REMOVED = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  PeerCommand {
    command = List.copyOf(command);
  }

  /**
   * This project, with a class path and the flags of the current JVM. Its heap is touched at the
   * start: page faults after that are of native arrays.
   */
  static PeerCommand mona(PeerId peer, String classPath, Purpose purpose) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"));
    // JavaCPP's own limits follow the heap, which is small beside the arrays
    command.add("-Dorg.bytedeco.javacpp.maxbytes=8g");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=12g");
    // whose configuration knows that ND4J's natives were built for an older JavaCPP
    command.add("-Dorg.bytedeco.javacpp.logger=slf4j");
    command.addAll(List.of("-cp", classPath, MonaPeer.class.getName()));
    command.addAll(List.of(peer.library().id(), peer.precision().id()));
    return new PeerCommand(peer, command, purpose);
  }

  /**
   * PyTorch under a Python that has it.
   *
   * @param data the folder that {@link Problem#write} wrote
   */
  static PeerCommand pytorch(PeerId peer, Path python, Path script, Path data) {
    List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
    command.addAll(List.of(peer.library().id(), peer.precision().id(), data.toString()));
    return new PeerCommand(peer, command, Purpose.TIME);
  }

  /**
   * The process, with shapes as arguments, not yet started. The environment is the same for every
   * peer: threads, huge pages for large arrays, and how OpenMP's threads wait ({@code -Dwait}).
   */
  ProcessBuilder builder(Shape shape) {
    List<String> all = new ArrayList<>(command);
    all.addAll(shape.arguments());
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().keySet().removeAll(REMOVED);
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(shape.threads()));
    builder.environment().put("OMP_WAIT_POLICY", System.getProperty("wait", "passive"));
    builder.environment().put("GLIBC_TUNABLES", purpose.allocator);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder;
  }
}

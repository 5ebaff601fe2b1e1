package dev.mona.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a peer is started.
 *
 * @param command the process and its first arguments; shapes follow
 */
record PeerCommand(List<String> command) {
  /** Settings of OpenBLAS that would slow libtorch down; no peer needs them. */
  static final List<String> REMOVED = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  PeerCommand {
    command = List.copyOf(command);
  }

  /** This project, with the class path and flags of the current JVM. */
  static PeerCommand mona() {
    List<String> command = java("2g", System.getProperty("java.class.path"));
    // whose configuration knows that ND4J's natives were built for an older JavaCPP
    command.add(1, "-Dorg.bytedeco.javacpp.logger=slf4j");
    command.add(MonaPeer.class.getName());
    return new PeerCommand(command);
  }

  /** libtorch through JavaCPP, with a class path of its own. */
  static PeerCommand libtorch(Path jars, Path classes) {
    List<String> command = java("1g", classes + java.io.File.pathSeparator + jars.resolve("*"));
    command.add("dev.mona.benchmark.libtorch.LibtorchPeer");
    return new PeerCommand(command);
  }

  /** PyTorch under a Python that has it. */
  static PeerCommand pytorch(String python, Path script) {
    return new PeerCommand(List.of(python, script.toString()));
  }

  private static List<String> java(String heap, String classPath) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ArrayList<>(List.of(java.toString(), "-Xmx" + heap, "-cp", classPath));
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
    builder.environment().put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder;
  }
}

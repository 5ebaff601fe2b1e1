package dev.mona.benchmark;

import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the peers, lets them take turns and prints their times and ratios, and what a warm step of
 * this project asks for. Started by {@code run.sh}.
 *
 * <p>Settings, as system properties: {@code turns}, {@code steps} (of one turn), {@code warmup}
 * (steps of every peer before the first turn), {@code threads}, {@code kinds} and {@code peers}
 * (comma-separated ids), {@code wait} (OpenMP's wait policy, passive), {@code venv} (a Python with
 * torch) and {@code python.script}, {@code output}. Peers that are named must run; otherwise those
 * that cannot are left out with a note.
 */
final class SideBySide {
  private static final Logger LOG = LoggerFactory.getLogger(SideBySide.class);

  /** Until the waiting threads of the peer before have gone to sleep. */
  private static final long REST_MILLIS = 300;

  private static final int COUNTED_STEPS = 5;

  private final int turns = Integer.getInteger("turns", 5);
  private final int steps = Integer.getInteger("steps", 4);

  /** Until the JVMs have compiled what runs often: they use the same processors for it. */
  private final int warmUp = Integer.getInteger("warmup", 10);

  private final Shape shape = Shape.standard(Integer.getInteger("threads", 2));
  private final List<StepKind> kinds =
      split(System.getProperty("kinds", "encoder,gradient,exact")).map(StepKind::of).toList();
  private final List<String> notes = new ArrayList<>();

  private SideBySide() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    new SideBySide().run();
  }

  private void run() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("benchmark");
    Problem.of(shape).write(data);
    List<PeerId> ids = peers();
    Map<PeerId, String> libraries = new LinkedHashMap<>();
    List<Measurement> measurements = new ArrayList<>();
    try {
      for (StepKind kind : kinds) {
        measurements.addAll(measure(ids, kind, data, libraries));
        // the next step takes minutes, and what is known should outlive an interruption
        write(report(libraries, measurements, List.of()));
      }
    } finally {
      delete(data);
    }
    Report report = report(libraries, measurements, count(ids));
    System.out.print(report.markdown());
    write(report);
  }

  private Report report(
      Map<PeerId, String> libraries, List<Measurement> measurements, List<Counts> counts)
      throws IOException {
    List<Report.Version> versions = new ArrayList<>();
    libraries.forEach((id, text) -> versions.add(new Report.Version(id, text)));
    Report.Setting setting =
        new Report.Setting(
            Machine.current(),
            shape,
            System.getProperty("command", "java " + SideBySide.class.getName()),
            notes);
    return new Report(setting, versions, measurements, counts);
  }

  private static void write(Report report) throws IOException {
    String output = System.getProperty("output");
    if (output != null) {
      report.write(Path.of(output));
    }
  }

  private static Stream<String> split(String list) {
    return Arrays.stream(list.split(",", -1));
  }

  private List<PeerId> peers() {
    String named = System.getProperty("peers");
    if (named != null) {
      return split(named).map(PeerId::of).toList();
    }
    return PeerId.all().stream().filter(this::able).toList();
  }

  /** Whether a peer can run here; notes why not. */
  private boolean able(PeerId peer) {
    String missing = "";
    if (peer.library().python()) {
      if (System.getProperty("venv") == null) {
        missing = "no Python with torch is named: use -Dvenv=DIRECTORY";
      } else if (peer.library() == PeerId.Library.COMPILED && !onPath("g++")) {
        missing = "torch.compile needs g++, and there is none on the PATH";
      }
    } else if (Engines.all().stream().map(Engine::name).noneMatch(peer.library().id()::equals)) {
      missing = "its engine is not on the class path";
    }
    if (!missing.isEmpty()) {
      notes.add(peer.title() + " is left out: " + missing);
    }
    return missing.isEmpty();
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static PeerCommand command(PeerId peer, Path data) {
    if (!peer.library().python()) {
      return mona(peer, PeerCommand.Purpose.TIME);
    }
    Path python = Path.of(required("venv"), "bin", "python");
    return PeerCommand.pytorch(peer, python, Path.of(required("python.script")), data);
  }

  private static PeerCommand mona(PeerId peer, PeerCommand.Purpose purpose) {
    return PeerCommand.mona(peer, required("java.class.path"), purpose);
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalArgumentException("-D" + property + " is missing");
    }
    return value;
  }

  /**
   * Times one step with every peer, in processes that do nothing else.
   *
   * @param libraries receives what each peer computes with
   */
  private List<Measurement> measure(
      List<PeerId> ids, StepKind kind, Path data, Map<PeerId, String> libraries)
      throws IOException, InterruptedException {
    List<Peer> peers = new ArrayList<>();
    try {
      for (PeerId id : ids) {
        Peer peer = new Peer(command(id, data), shape);
        peers.add(peer);
        libraries.put(id, peer.version());
      }
      return measure(peers.stream().filter(peer -> peer.has(kind)).toList(), kind);
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  private List<Measurement> measure(List<Peer> peers, StepKind kind)
      throws IOException, InterruptedException {
    Measurement first = peers.get(0).time(kind, 0, warmUp);
    for (Peer peer : peers.subList(1, peers.size())) {
      first.requireAgreement(peer.time(kind, 0, warmUp));
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      for (Peer peer : peers) {
        Thread.sleep(REST_MILLIS);
        Measurement measured = peer.time(kind, turn, steps);
        measurements.add(measured);
        LOG.info(
            "step={} turn={} peer=\"{}\" median={} foreign={}",
            kind.id(),
            turn,
            peer.id().title(),
            measured.median(),
            measured.foreignShare());
      }
    }
    return measurements;
  }

  /** What warm steps of this project ask for, in processes that show every native array. */
  private List<Counts> count(List<PeerId> ids) throws IOException {
    List<Counts> counts = new ArrayList<>();
    for (PeerId id : ids.stream().filter(id -> !id.library().python()).toList()) {
      for (StepKind kind : kinds) {
        try (Peer peer = new Peer(mona(id, PeerCommand.Purpose.COUNT), shape)) {
          peer.time(kind, 0, warmUp);
          Counts least = peer.count(kind);
          for (int i = 1; i < COUNTED_STEPS; i++) {
            least = least.least(peer.count(kind));
          }
          counts.add(least);
        }
      }
    }
    return counts;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
